/** CPython 3.11 in this process, and the compiler that makes its hot code fast. */
package dev.intaglio.cpython;
