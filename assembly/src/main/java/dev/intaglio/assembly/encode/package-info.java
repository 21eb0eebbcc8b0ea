/** Instructions become bytes, or plans of bytes where values are known only at emission. */
package dev.intaglio.assembly.encode;
