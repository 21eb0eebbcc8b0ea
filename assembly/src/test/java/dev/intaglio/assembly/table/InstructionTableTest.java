package dev.intaglio.assembly.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionTableTest {
    private static final List<String> TEXT = InstructionTable.resource().lines().toList();

    @Test
    void everyFormPrintsBackAsItsLine() {
        for (TableLine line : lines()) {
            InstructionForm form = line.form(line.mnemonic(), Optional.empty());
            String written = TEXT.get(line.number() - 1).replaceAll(" +", " ");
            assertThat(written).startsWith(form.toString().replaceAll(" +", " ") + " :");
        }
    }

    @Test
    void everyMnemonicHasForms() {
        InstructionTable table = InstructionTable.x86_64();
        assertThat(table.mnemonics()).isNotEmpty().allMatch(table::knows);
    }

    @Test
    void noFlagStandsInTwoGroupsThatExcludeEachOther() {
        for (TableLine line : lines()) {
            FlagEffects effects = line.form(line.mnemonic(), Optional.empty()).flags();
            for (Flag flag : Flag.values()) {
                long groups = List.of(
                                effects.written(),
                                effects.cleared(),
                                effects.set(),
                                effects.undefined(),
                                effects.maybe())
                        .stream()
                        .filter(group -> group.contains(flag))
                        .count();
                assertThat(groups).as("%s in %s", flag, line).isLessThan(2);
            }
        }
    }

    @Test
    void everyWordIsExplainedInTheHead() {
        String head = String.join("\n", TEXT.subList(0, TEXT.indexOf("")));
        for (TableLine line : lines()) {
            for (String word : line.form(line.mnemonic(), Optional.empty()).words()) {
                assertThat(head).as(line.toString()).containsPattern("(?m)[# ] {2,}" + word + " {2,}");
            }
        }
    }

    @Test
    void columnsStandUnderEachOther() {
        Pattern column = Pattern.compile(" :( |$)");
        List<Integer> above = List.of();
        for (String line : TEXT) {
            if (line.isEmpty() || line.startsWith("#")) {
                above = List.of();
                continue;
            }
            List<Integer> places = new ArrayList<>();
            for (Matcher matcher = column.matcher(line);
                    matcher.find();
                    matcher.region(matcher.end() - 1, line.length())) {
                places.add(matcher.start());
            }
            assertThat(places).as(line).hasSize(3);
            assertThat(places).as(line).isEqualTo(above.isEmpty() ? places : above);
            above = places;
        }
    }

    @Test
    void noFormIsWrittenTwice() {
        Map<String, Integer> first = new TreeMap<>();
        for (TableLine line : lines()) {
            String form = line.form(line.mnemonic(), Optional.empty()).toString();
            assertThat(first.putIfAbsent(form, line.number())).as(form).isNull();
        }
    }

    /** Facts that a peephole may rest on, from the sections of the manual on each instruction. */
    @ParameterizedTest
    @CsvSource({
        "inc,     0, '',  oszap,  '', '',     ''",
        "neg,     0, '',  oszapc, '', '',     ''",
        "adc,     0, c,   oszapc, '', '',     ''",
        "xor,     0, '',  szp,    oc, a,      ''",
        "test,    0, '',  szp,    oc, a,      ''",
        "mul,     0, '',  oc,     '', szap,   ''",
        "shl,     0, '',  oszpc,  '', a,      ''",
        "shl,     4, '',  '',     '', '',     oszapc",
        "rol,     4, '',  '',     '', '',     oc",
        "rcl,     4, c,   '',     '', '',     oc",
        "bt,      0, '',  c,      '', osap,   ''",
        "bsf,     0, '',  z,      '', osapc,  ''",
        "tzcnt,   0, '',  zc,     '', osap,   ''",
        "popcnt,  0, '',  z,      osapc, '',  ''",
        "cmpxchg, 0, '',  oszapc, '', '',     ''",
        "ucomisd, 0, '',  zpc,    osa, '',    ''",
        "ptest,   0, '',  zc,     osap, '',   ''",
        "not,     0, '',  '',     '', '',     ''",
        "setbe,   0, cz,  '',     '', '',     ''",
        "cmovl,   0, so,  '',     '', '',     ''",
        "jp,      0, p,   '',     '', '',     ''",
    })
    void flagsFollowTheManual(
            String mnemonic, int form, String read, String written, String cleared, String undefined, String maybe) {
        FlagEffects effects =
                InstructionTable.x86_64().forms(mnemonic).get(form).flags();
        assertThat(effects)
                .isEqualTo(new FlagEffects(
                        FlagSet.parse(read),
                        FlagSet.parse(written),
                        FlagSet.parse(cleared),
                        FlagSet.NONE,
                        FlagSet.parse(undefined),
                        FlagSet.parse(maybe)));
    }

    private static List<TableLine> lines() {
        List<TableLine> lines = new ArrayList<>();
        for (int i = 0; i < TEXT.size(); i++) {
            if (!TEXT.get(i).isEmpty() && !TEXT.get(i).startsWith("#")) {
                lines.add(TableLine.parse(i + 1, TEXT.get(i)));
            }
        }
        return lines;
    }
}
