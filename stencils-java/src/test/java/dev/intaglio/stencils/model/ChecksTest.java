package dev.intaglio.stencils.model;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Checks;
import dev.intaglio.stencils.ChecksCopyAndPatchEmitter;
import dev.intaglio.stencils.ChecksEmitter;
import org.junit.jupiter.api.Test;

class ChecksTest extends StencilTest<Checks> {
    ChecksTest() {
        super(Checks.class, ChecksEmitter::new, ChecksCopyAndPatchEmitter::new, ChecksModel::new);
    }

    @Test
    void objectsOfOtherTypesLeave() {
        check(s -> {
            long type = s.type();
            int slot = s.slot(s.object(s.coin() ? type : s.type(), 32));
            return checks -> checks.exactly(slot, type, s.label("other"));
        });
        check(s -> {
            long type = s.type();
            long orType = s.type();
            int slot = s.slot(s.object(s.oneOf(type, orType, s.type()), 32));
            return checks -> checks.either(slot, type, orType, s.label("other"));
        });
    }

    @Test
    void dictionariesWithEntriesLeave() {
        check(s -> {
            long dictionary = s.object(s.type(), 48);
            s.m.store(dictionary + Checks.DICT_USED, s.oneOf(0L, 0L, 1L, 1L << 32));
            int slot = s.slot(dictionary);
            return checks -> checks.isEmpty(slot, s.label("other"));
        });
    }

    @Test
    void anExceptionDecidesWhereToGo() {
        check(s -> {
            s.m.store(s.thread() + Checks.THREAD_EXCEPTION, s.objectOrNull());
            s.m.beginInCold();
            Label here = new Label("here");
            return checks -> checks.whetherRaised(here, s.label("raised"), s.label("other"));
        });
    }
}
