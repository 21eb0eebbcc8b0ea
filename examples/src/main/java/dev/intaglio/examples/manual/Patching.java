package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.PatchSite;
import java.util.function.LongSupplier;

/** A jump whose target is exchanged while the code is in use. */
public final class Patching {
    @Stencils
    interface Versions {
        @Stencil("""
            | mov eax, value
            | ret
            """)
        void version(int value);

        @Stencil("| .patch site, jmp start")
        void enter(PatchSite site, long start);
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Versions ops = new Patching_VersionsEmitter(buffer);
            ops.version(1);
            Code first = buffer.commit("first");
            ops.version(2);
            Code second = buffer.commit("second");

            PatchSite site = new PatchSite("version");
            ops.enter(site, first.address());
            LongSupplier f = buffer.commit("entry").bind(LongSupplier.class);
            System.out.println(f.getAsLong()); // 1
            site.patch(second);
            System.out.println(f.getAsLong()); // 2
        }
    }

    private Patching() {}
}
