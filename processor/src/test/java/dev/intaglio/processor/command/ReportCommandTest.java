package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

@Isolated
class ReportCommandTest {
    @TempDir
    private Path root;

    private int report() {
        return new CommandLine(new ReportCommand())
                .execute(
                        root.resolve("src").toString(),
                        "-o",
                        root.resolve("page.html").toString());
    }

    @Test
    void thePageShowsEachStencilWithItsTotals() throws IOException {
        Path folder = Files.createDirectories(root.resolve("src/p"));
        Files.writeString(folder.resolve("X.java"), """
                package p;
                import dev.intaglio.dsl.*;
                @Stencils
                public interface X {
                    @Stencil(\"""
                        | mov rax, value
                        | mov ecx, 0
                        | cmp rax, rcx
                        | jb  >1
                        |.cold
                        |1:
                        | ret
                        \""")
                    void limit(long value);
                }
                """);
        Files.writeString(folder.resolve("Y.java"), "package p; class Y {}");
        assertThat(report()).isZero();
        String page = Files.readString(root.resolve("page.html"));
        assertThat(page)
                .contains("<h2>X</h2>", "<b>limit</b>")
                .contains("<span class=\"hot\">| xor ecx, ecx</span>", "<span class=\"cold\">| ret</span>")
                .contains("<td>copy-and-patch</td><td>6</td><td>27</td><td>0</td>")
                .contains("| jb &gt;1");
    }

    @Test
    void aFolderWithoutStencilsIsTold() throws IOException {
        Files.createDirectories(root.resolve("src"));
        assertThat(report()).isEqualTo(1);
        assertThat(root.resolve("page.html")).doesNotExist();
    }
}
