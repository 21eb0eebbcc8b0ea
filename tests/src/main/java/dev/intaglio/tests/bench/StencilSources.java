package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Source files with any number of stencils of five kinds, up to a hundred in an interface. */
final class StencilSources {
    private static final int MOST_IN_INTERFACE = 100;

    private static final String[] STENCILS = {"""
                @Stencil(\"""
                    | mov  rdi, [r13 + LOCALS + index*8]
                    | test rdi, rdi
                    | jz   =>unbound
                    | inc  qword [rdi]
                    \""")
                void loadFast%d(int index, Label unbound);
            """, """
                @Stencil(\"""
                    | dec  qword [rdi]
                    | jz   >1
                    |.cold
                    |1:
                    | call dealloc
                    | jmp  >2
                    |.code
                    |2:
                    \""")
                void release%d(long dealloc);
            """, """
                @Stencil("| mov  Rq(reg), value")
                void constant%d(int reg, long value);
            """, """
                @Stencil(\"""
                    if (branchOnTrue) {
                    | jnz  =>target
                    } else {
                    | jz   =>target
                    }
                    \""")
                void popJump%d(boolean branchOnTrue, Label target);
            """, """
                @Stencil(\"""
                    | movsd xmm0, [rbx + 16]
                    | addsd xmm0, [r12 + offset]
                    | movsd [rbx + 16], xmm0
                    | cmp  dword [rax + TYPE], flags
                    | jne  =>deopt
                    \""")
                void addFloat%d(int offset, int flags, Label deopt);
            """};

    private StencilSources() {}

    /** Writes the files of this many stencils to a folder. */
    static List<Path> write(int stencils, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int first = 0; first < stencils; first += MOST_IN_INTERFACE) {
            String name = "Stencils" + files.size();
            StringBuilder text = new StringBuilder("""
                    package p;
                    import dev.intaglio.dsl.*;
                    import dev.intaglio.runtime.*;
                    @Stencils
                    public interface %s {
                        int LOCALS = 72;
                        int TYPE = 8;
                    """.replace("%s", name));
            for (int i = first; i < Math.min(stencils, first + MOST_IN_INTERFACE); i++) {
                text.append(String.format(Locale.ROOT, STENCILS[i % STENCILS.length], i));
            }
            files.add(Files.writeString(folder.resolve(name + ".java"), text.append("}\n")));
        }
        return files;
    }
}
