/** Where the lines of a stencil go: sections, the runs of assembly between Java lines, and the reach of local labels. */
package dev.intaglio.processor.layout;
