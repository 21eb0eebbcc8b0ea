package dev.intaglio.runtime.call;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The runtime's own code that calls go through: it lies in no cache and stays for ever, and whatever follows a call meets it. */
public final class OwnCode {
    private static final List<Piece> PIECES = new ArrayList<>();
    private static final List<Consumer<Piece>> LISTENERS = new ArrayList<>();

    private OwnCode() {}

    /**
     * Some code that runs.
     *
     * @param name what it is, for a person
     * @param address of its first byte
     * @param length in bytes
     */
    public record Piece(String name, long address, int length) {

        /** Its machine code. */
        public byte[] bytes() {
            return new Pointer(address).getByteArray(0, length);
        }

        private boolean contains(long place) {
            return place >= address && place < address + length;
        }
    }

    /** Tells a listener of the pieces there are, and of all further ones. */
    public static synchronized void tell(Consumer<Piece> listener) {
        PIECES.forEach(listener);
        LISTENERS.add(listener);
    }

    /** All there is by now. */
    public static synchronized List<Piece> pieces() {
        return List.copyOf(PIECES);
    }

    /** What lies at an address. */
    public static Optional<Piece> at(long address) {
        return pieces().stream().filter(piece -> piece.contains(address)).findFirst();
    }

    static synchronized void add(Piece piece) {
        PIECES.add(piece);
        for (Consumer<Piece> listener : LISTENERS) {
            listener.accept(piece);
        }
    }
}
