/** Events of emitted code for JDK Flight Recorder. */
package dev.intaglio.runtime.events;
