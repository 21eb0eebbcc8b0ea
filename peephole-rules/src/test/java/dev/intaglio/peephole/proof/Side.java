package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds for a whole side of a rule, on all its ways: the flags that it leaves undefined, each an unknown of its own, and
 * what its numbers must be for its instructions to exist.
 */
public final class Side {
    private final Logic logic;
    private final String name;
    private final List<BoolExpr> undefined = new ArrayList<>();
    private final List<BoolExpr> required = new ArrayList<>();

    public Side(Logic logic, String name) {
        this.logic = logic;
        this.name = name;
    }

    Logic logic() {
        return logic;
    }

    /** A flag that may be either. */
    BoolExpr undefined() {
        BoolExpr fresh = logic.fact("undefined " + name + undefined.size());
        undefined.add(fresh);
        return fresh;
    }

    public List<BoolExpr> undefinedFlags() {
        return List.copyOf(undefined);
    }

    void require(BoolExpr fact) {
        required.add(fact);
    }

    /** A number of 64 bits must fit a field that takes signed and unsigned values. */
    void requireFits(BitVecExpr value, int bits) {
        require(logic.within(value, -1L << bits - 1, (1L << bits) - 1));
    }

    /** A number of 64 bits must fit a field whose sign is extended. */
    void requireFitsSigned(BitVecExpr value, int bits) {
        require(logic.within(value, -1L << bits - 1, (1L << bits - 1) - 1));
    }

    /** Whether there are forms for all instructions. */
    public BoolExpr encodable() {
        return logic.all(required);
    }
}
