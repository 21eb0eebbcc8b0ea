package dev.intaglio.runtime.events;

import jdk.jfr.FlightRecorder;

/**
 * Tells JDK Flight Recorder what happens to code: {@code dev.intaglio.CodeCommit}, {@code CodeFree} and {@code CodePatch}. Where the
 * module {@code jdk.jfr} is missing it tells nobody. It costs nothing to speak of while nothing is recorded.
 */
public sealed class CodeEvents {
    /** Tells nobody. */
    public static final CodeEvents NONE = new CodeEvents();

    private static final boolean THERE = isThere();

    private CodeEvents() {}

    /** Those of this JVM, which has a recorder from the first recording on; to load one costs some 150 ms. */
    public static CodeEvents events() {
        return THERE && FlightRecorder.isInitialized() ? Recorder.INSTANCE : NONE;
    }

    private static boolean isThere() {
        try {
            return ModuleLayer.boot().findModule("jdk.jfr").isPresent()
                    && (FlightRecorder.isInitialized() || true); // throws where it cannot be seen
        } catch (LinkageError e) {
            return false; // a module graph in which this module does not read jdk.jfr
        }
    }

    /** A commit begins; what is returned is given to {@link #committed}. */
    public Object committing() {
        return this;
    }

    /** A commit is over. */
    public void committed(Object begun, String name, long address, int size) {}

    /** The memory of code was given back. */
    public void freed(String name, long address, int size) {}

    /** A patch begins; what is returned is given to {@link #patched}. */
    public Object patching() {
        return this;
    }

    /** A field was exchanged, and all threads see it. */
    public void patched(Object begun, String name, long address, long value) {}

    /** Loaded only where there is a recorder. */
    private static final class Recorder extends CodeEvents {
        static final CodeEvents INSTANCE = new Recorder();

        @Override
        public Object committing() {
            CodeCommit event = new CodeCommit();
            event.begin();
            return event;
        }

        @Override
        public void committed(Object begun, String name, long address, int size) {
            if (begun instanceof CodeCommit event && event.shouldCommit()) { // else the recorder came meanwhile
                event.name = name;
                event.address = address;
                event.size = size;
                event.commit();
            }
        }

        @Override
        public void freed(String name, long address, int size) {
            CodeFree event = new CodeFree();
            if (event.shouldCommit()) {
                event.name = name;
                event.address = address;
                event.size = size;
                event.commit();
            }
        }

        @Override
        public Object patching() {
            CodePatch event = new CodePatch();
            event.begin();
            return event;
        }

        @Override
        public void patched(Object begun, String name, long address, long value) {
            if (begun instanceof CodePatch event && event.shouldCommit()) { // else the recorder came meanwhile
                event.name = name;
                event.address = address;
                event.value = value;
                event.commit();
            }
        }
    }
}
