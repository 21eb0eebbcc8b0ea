package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeEventsTest {
    @TempDir
    private Path folder;

    /** What the child JVMs run. */
    static final class Main {
        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                new HandEmitter(buffer).hex("b82a000000c3");
                try (Code code = buffer.commit("answer")) {
                    boolean recorded = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
                    System.out.println("answer " + code.call() + ", jfr " + recorded);
                }
            }
        }
    }

    @Test
    void commitAndFreeAreRecorded() throws IOException {
        long address;
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.intaglio.CodeCommit").withoutThreshold();
            recording.enable("dev.intaglio.CodeFree");
            recording.start();
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                new HandEmitter(buffer).hex("b82a000000c3");
                try (Code code = buffer.commit("recorded")) {
                    address = code.address();
                }
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.intaglio."))
                .filter(event -> event.getString("name").equals("recorded"))
                .toList();
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder("dev.intaglio.CodeCommit", "dev.intaglio.CodeFree");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getLong("address")).isEqualTo(address);
            assertThat(event.getInt("size")).isEqualTo(6);
        });
    }

    @Test
    void patchesAreRecorded() throws IOException {
        Path file = folder.resolve("patches.jfr");
        long field;
        try (Recording recording = new Recording()) {
            recording.enable("dev.intaglio.CodePatch");
            recording.start();
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                PatchSite site = new PatchSite("answer");
                new HandEmitter(buffer).patchConstant(site, 0, 8, 41).hex("c3");
                try (Code code = buffer.commit("patched")) {
                    site.patch(42);
                    field = site.address();
                    assertThat(code.call()).isEqualTo(42);
                }
            }
            recording.stop();
            recording.dump(file);
        }
        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("dev.intaglio.CodePatch"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getString("name")).isEqualTo("patched");
                    assertThat(event.getLong("address")).isEqualTo(field);
                    assertThat(event.getLong("value")).isEqualTo(42);
                });
    }

    @Test
    void codeRunsWhereTheRecorderIsMissing() {
        ChildJvm child = new ChildJvm("--limit-modules=java.base,java.logging,java.desktop,jdk.unsupported");
        assertThat(child.run(folder, Main.class).output()).contains("answer 42, jfr false");
        assertThat(new ChildJvm().run(folder, Main.class).output()).contains("answer 42, jfr true");
    }
}
