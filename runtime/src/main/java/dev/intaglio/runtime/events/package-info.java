/**
 * Events of emitted code for JDK Flight Recorder.
 *
 * <p>Internal: none of it is API, and all of it may change at any time. Clients read the events from a recording, by their names.
 */
package dev.intaglio.runtime.events;
