/** Where a stencil's text stands in its file, and how a mistake is shown there. All use of com.sun.source is here. */
package dev.intaglio.processor.source;
