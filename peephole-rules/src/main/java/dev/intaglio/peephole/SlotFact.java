package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;

/** Something that is known of a slot. */
sealed interface SlotFact {
    Slot slot();

    /** Whether it is known no more once one of these registers is written, one bit each. */
    default boolean dependsOn(int registers) {
        return (slot().registers() & registers) != 0;
    }

    /** Whether what it says depends on emission, so that a line of Java may change it. */
    default boolean isOpen() {
        return !slot().open().isZero();
    }

    /** Whether writing the slot's bytes makes it untrue. */
    default boolean isOfContents() {
        return true;
    }

    /**
     * The slot's bytes are the low bytes of a register.
     *
     * @param register its number
     * @param extended whether all higher bits of the register are zero
     */
    record InRegister(Slot slot, int register, boolean extended) implements SlotFact {
        @Override
        public boolean dependsOn(int registers) {
            return ((slot.registers() | 1 << register) & registers) != 0;
        }
    }

    /** The slot's bytes are the low bytes of this number, which is the same each time it is evaluated. */
    record Number(Slot slot, Expression value) implements SlotFact {
        @Override
        public boolean isOpen() {
            return !slot.open().isZero() || !value.isConstant();
        }
    }

    /** The slot has been written, so that writing it again does not fault. */
    record Writable(Slot slot) implements SlotFact {
        @Override
        public boolean isOfContents() {
            return false;
        }
    }
}
