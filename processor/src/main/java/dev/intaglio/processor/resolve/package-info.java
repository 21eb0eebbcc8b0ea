/** What the annotated interface says: stencils, parameters, and the names their assembly may use. */
package dev.intaglio.processor.resolve;
