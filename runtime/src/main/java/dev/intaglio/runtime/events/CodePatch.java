package dev.intaglio.runtime.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;

/** A patch site was given another value; it lasts until all threads see it. */
@Name("dev.intaglio.CodePatch")
@Label("Code patch")
@Category("Intaglio")
@Description("A field of committed code was exchanged while threads run through it")
final class CodePatch extends Event {
    @Label("Name")
    String name = "";

    @Label("Address")
    @MemoryAddress
    long address;

    @Label("Value")
    @MemoryAddress
    long value;
}
