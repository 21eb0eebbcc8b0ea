package dev.intaglio.processor.write;

/** A section while a run is written: its locals, and the bytes that are waiting behind the position. */
final class SectionState {
    private final String section;
    private final String position;
    private Stores stores = new Stores();
    private String anchor = "";
    private int sinceAnchor;

    /**
     * @param section the Java expression of the section
     * @param position the local that holds the place of the first waiting byte
     */
    SectionState(String section, String position) {
        this.section = section;
        this.position = position;
    }

    String section() {
        return section;
    }

    String position() {
        return position;
    }

    Stores stores() {
        return stores;
    }

    /** The position behind all waiting bytes. */
    String here() {
        return Stores.at(position, stores.size());
    }

    /** The position behind all waiting bytes and {@code more}. */
    String here(int more) {
        return Stores.at(position, stores.size() + more);
    }

    /** Stores the waiting bytes and moves the position behind them. */
    void flush(Source source) {
        int size = stores.size();
        if (size > 0) {
            stores.store(0, position, source);
            stores.clear();
            advance(size, source);
        }
    }

    /** The same where the position moves by something else, too: a term with its sign. */
    void flush(String more, Source source) {
        int size = stores.size();
        stores.store(0, position, source);
        stores.clear();
        source.line(position + " += " + size + more + ";");
    }

    /** Stores bytes until at most {@code rest} wait; the position stays. */
    void store(int rest, Source source) {
        stores.store(rest, position, source);
    }

    /** Lets other bytes wait instead, for another case. */
    void resume(Stores others) {
        stores = others;
    }

    /** Stores the waiting bytes; what {@code method} writes behind them tells the new position. */
    void append(String method, String before, String after, Source source) {
        store(0, source);
        String here = here();
        stores.clear();
        source.line(position + " = " + method + "(" + before + here + (after.isEmpty() ? "" : ", ") + after + ");");
        movedSomehow();
    }

    /** Moves the position by a number of bytes that something else has written. */
    void advance(int bytes, Source source) {
        source.line(position + " += " + bytes + ";");
        sinceAnchor += bytes;
    }

    /** The position has moved by a number of bytes that is not known here. */
    void movedSomehow() {
        anchor = "";
    }

    /** The position behind all waiting bytes, as an expression that stays true however the position moves. */
    String lasting(Names names, Source source) {
        if (anchor.isEmpty()) {
            anchor = names.fresh("start");
            sinceAnchor = 0;
            source.line("long " + anchor + " = " + position + ";");
        }
        return Stores.at(anchor, sinceAnchor + stores.size());
    }
}
