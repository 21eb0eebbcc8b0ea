package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.peephole.Contract;
import dev.intaglio.processor.layout.Strategy;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stencil on its way to an emitter's method.
 *
 * @param name the method's name
 * @param lines what is emitted, in the order of the text
 * @param references what names in its Java stand for
 * @param target the CPUs it is for: units of one name and the same types of parameters are alternatives
 * @param contract what it finds, and what is live where it ends
 * @param strategy how its lines become bytes
 * @param carries whether it uses what stencils before it have left, and tells those behind it
 */
public record StencilUnit(
        String name,
        List<StencilParameter> parameters,
        List<Line> lines,
        StencilText text,
        References references,
        Target target,
        Contract contract,
        Strategy strategy,
        boolean carries,
        Diagnostics diagnostics) {
    public StencilUnit {
        parameters = List.copyOf(parameters);
        lines = List.copyOf(lines);
    }

    /** The same stencil with the lines that its text became. */
    public StencilUnit with(List<Line> others) {
        return new StencilUnit(
                name, parameters, others, text, references, target, contract, strategy, carries, diagnostics);
    }

    /** Whether both are texts of one method. */
    public boolean isAlternativeOf(StencilUnit other) {
        return name.equals(other.name) && types().equals(other.types());
    }

    /** The names of its parameters. */
    public Set<String> parameterNames() {
        return parameters.stream().map(StencilParameter::name).collect(Collectors.toSet());
    }

    private List<String> types() {
        return parameters.stream().map(StencilParameter::javaType).toList();
    }
}
