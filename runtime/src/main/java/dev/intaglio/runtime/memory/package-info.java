/** Executable memory: mapping it near the libraries, sharing it out, and never writable and executable at one address. */
package dev.intaglio.runtime.memory;
