package dev.intaglio.runtime.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The memory of a closed piece of code was given back. */
@Name("dev.intaglio.CodeFree")
@Label("Code free")
@Category("Intaglio")
@Description("Closed code that nobody is in and nothing refers to was freed")
@StackTrace(false)
final class CodeFree extends Event {
    @Label("Name")
    String name = "";

    @Label("Address")
    @MemoryAddress
    long address;

    @Label("Size")
    @DataAmount
    int size;
}
