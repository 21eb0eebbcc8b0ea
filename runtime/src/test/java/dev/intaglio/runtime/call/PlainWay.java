package dev.intaglio.runtime.call;

/** A way in without a method: tests go in and out themselves, as {@link BoundClass} writes it. */
final class PlainWay extends Bound {
    PlainWay(Gate gate) {
        super(gate);
    }

    @Override
    protected Bound to(Gate other) {
        return new PlainWay(other);
    }
}
