package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.peephole.CallContract;
import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.MemoryContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;

/** Reads what {@code @Stencil} says of the registers around a stencil. */
final class Contracts {
    private final Element method;
    private final AnnotationMirror annotation;
    private final List<Problem> problems;

    private Contracts(Element method, AnnotationMirror annotation, List<Problem> problems) {
        this.method = method;
        this.annotation = annotation;
        this.problems = problems;
    }

    /** The contract of a stencil's text; what is wrong with it is reported. */
    static Contract of(Element method, AnnotationMirror annotation, List<Problem> problems) {
        return new Contracts(method, annotation, problems).contract();
    }

    private Contract contract() {
        Contract contract = Contract.DEFAULT;
        Optional<List<Register>> in = registers("in");
        Optional<List<Register>> out = registers("out");
        Optional<List<Register>> clobbers = registers("clobbers");
        if (in.isPresent()) {
            contract = contract.withIn(in.get());
        }
        if (out.isPresent()) {
            contract = contract.withOut(out.get());
        }
        if (clobbers.isPresent()) {
            contract = contract.withWritable(out.orElse(List.of()), clobbers.get());
        }
        Optional<List<Register>> preserves = registers("preserves");
        if (preserves.isPresent()) {
            contract = contract.withPreserved(preserves.get());
        }
        contract = withCalls(contract).withMemory(memory());
        boolean liveFlags = Annotations.text(annotation, "flagsLive").equals("true");
        return liveFlags ? contract.withLiveFlags() : contract;
    }

    private Contract withCalls(Contract contract) {
        String text = Annotations.text(annotation, "calls");
        Optional<CallContract> calls = CallContract.parse(text);
        if (!text.isEmpty() && calls.isEmpty()) {
            problems.add(Problem.of(
                    method,
                    annotation,
                    Annotations.value(annotation, "calls"),
                    "'" + text + "' tells nothing about calls",
                    "write sysv, or sysv and the most integer arguments: sysv 2"));
        }
        return calls.map(contract::withCalls).orElse(contract);
    }

    private MemoryContract memory() {
        List<MemoryContract.Scratch> scratch = new ArrayList<>();
        Optional<AnnotationValue> written = Annotations.value(annotation, "scratch");
        for (AnnotationValue item : written.map(Annotations::items).orElse(List.of())) {
            String text = String.valueOf(item.getValue());
            Optional<MemoryContract.Scratch> slot = MemoryContract.Scratch.parse(text);
            slot.ifPresent(scratch::add);
            if (slot.isEmpty()) {
                problems.add(Problem.of(
                        method,
                        annotation,
                        Optional.of(item),
                        "'" + text + "' is no slot of a 64-bit register and a number",
                        "write it as an address: [r13 + 64]"));
            }
        }
        MemoryContract memory = MemoryContract.DEFAULT.withScratch(scratch);
        return Annotations.text(annotation, "memoryAsWritten").equals("true") ? memory.withAccessesAsWritten() : memory;
    }

    /** The registers of an array that is written; empty where it is not. */
    private Optional<List<Register>> registers(String element) {
        return Annotations.value(annotation, element).map(written -> {
            List<Register> registers = new ArrayList<>();
            for (AnnotationValue item : Annotations.items(written)) {
                String name = String.valueOf(item.getValue());
                Optional<Register> register = Register.parse(name)
                        .filter(one -> one.kind().isGeneral() || one.kind().isVector());
                register.ifPresent(registers::add);
                if (register.isEmpty()) {
                    problems.add(Problem.of(
                            method,
                            annotation,
                            Optional.of(item),
                            "'" + name + "' in " + element + " is no general or vector register",
                            "write names as in the stencil: rax, r12, xmm0"));
                }
            }
            return registers;
        });
    }
}
