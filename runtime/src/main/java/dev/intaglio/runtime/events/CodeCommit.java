package dev.intaglio.runtime.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;

/** A piece of code was committed; it lasts as long as the commit. */
@Name("dev.intaglio.CodeCommit")
@Label("Code commit")
@Category("Intaglio")
@Description("Emitted code was linked and copied to executable memory")
final class CodeCommit extends Event {
    @Label("Name")
    String name = "";

    @Label("Address")
    @MemoryAddress
    long address;

    @Label("Size")
    @DataAmount
    int size;
}
