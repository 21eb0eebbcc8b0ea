/** The instruction table: what forms there are, how they are encoded, what they do to operands and flags. */
package dev.intaglio.assembly.table;
