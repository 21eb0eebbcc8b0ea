package dev.intaglio.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pieces of a cache that hold memory, and which of them refer to which. A piece is given up when it was closed, nobody is in
 * it, and no other piece and no buffer refers to it; pieces that only refer to each other are given up together.
 *
 * <p>Emitted code enters a piece only from a piece that refers to it, and Java only through its gate: so no thread is, or will be, in a
 * piece that was left and that no piece which can still be entered reaches. Not thread-safe; {@link CodeCache} locks.
 */
final class Pieces {
    /** By the first address of each part. */
    private final NavigableMap<Long, Code> byAddress = new TreeMap<>();

    private final Map<Code, Node> nodes = new IdentityHashMap<>();
    private long numbers;
    /** Pieces that refer to later ones, by being patched: without them there are no cycles. */
    private int referringForward;

    /** Adds a piece, which takes over what a buffer kept. */
    void add(Code code, Set<Code> kept) {
        Node node = new Node(numbers++);
        node.targets.addAll(kept);
        nodes.put(code, node);
        for (Code.Part part : code.parts()) {
            byAddress.put(part.address(), code);
        }
        kept.clear();
    }

    /** Undoes as much of {@link #add} as was done. */
    void remove(Code code, Set<Code> kept) {
        Node node = nodes.remove(code);
        if (node != null) {
            kept.addAll(node.targets);
        }
        for (Code.Part part : code.parts()) {
            byAddress.remove(part.address(), code);
        }
    }

    /** The piece in which an address lies, among those that hold memory. */
    Optional<Code> at(long address) {
        Map.Entry<Long, Code> below = byAddress.floorEntry(address);
        return below != null && below.getValue().contains(address) ? Optional.of(below.getValue()) : Optional.empty();
    }

    /** Keeps a piece for a buffer. */
    void keep(Code code, Set<Code> keeper) {
        if (keeper.add(code)) {
            nodes.get(code).keepers++;
        }
    }

    /** The same, unless it was given up. */
    boolean keepIfThere(Code code, Set<Code> keeper) {
        boolean isThere = nodes.containsKey(code);
        if (isThere) {
            keep(code, keeper);
        }
        return isThere;
    }

    /** Has a piece refer to another one, as long as it holds memory. */
    void refer(Code from, Code to) {
        Node node = nodes.get(from);
        if (node.targets.add(to)) {
            nodes.get(to).keepers++;
            if (!node.refersForward && nodes.get(to).number >= node.number) {
                node.refersForward = true;
                referringForward++;
            }
        }
    }

    /** Drops what a buffer kept; returns what is given up thereby. */
    List<Code> dismiss(Set<Code> keeper) {
        List<Code> given = release(keeper);
        keeper.clear();
        return given;
    }

    /** Notes that a piece is closed and that nobody is in it; returns what is given up thereby. */
    List<Code> left(Code code) {
        Node node = nodes.get(code);
        node.left = true;
        node.keepers++; // what release takes away again
        return release(List.of(code));
    }

    /** Takes one keeper from each of these, and from what those refer to that are given up. */
    private List<Code> release(Iterable<Code> released) {
        List<Code> given = new ArrayList<>();
        Deque<Code> work = new ArrayDeque<>();
        released.forEach(work::add);
        while (!work.isEmpty()) {
            Code code = work.remove();
            Node node = nodes.get(code);
            if (node == null) {
                continue; // given up with the cycle it was in
            }
            node.keepers--;
            if (!node.left) {
                continue;
            }
            for (Code dead : node.keepers == 0 ? List.of(code) : cycleWith(code)) {
                Node removed = nodes.remove(dead);
                work.addAll(removed.targets);
                referringForward -= removed.refersForward ? 1 : 0;
                dead.parts().forEach(part -> byAddress.remove(part.address()));
                given.add(dead);
            }
        }
        return given;
    }

    /** Of what this piece reaches through pieces that were left, those that only each other keep. */
    private List<Code> cycleWith(Code start) {
        if (referringForward == 0) {
            return List.of();
        }
        Map<Code, Integer> outside = new IdentityHashMap<>();
        Deque<Code> work = new ArrayDeque<>(List.of(start));
        while (!work.isEmpty()) {
            Code code = work.remove();
            if (nodes.get(code).left && outside.putIfAbsent(code, nodes.get(code).keepers) == null) {
                work.addAll(nodes.get(code).targets);
            }
        }
        outside.keySet()
                .forEach(code -> nodes.get(code)
                        .targets
                        .forEach(target -> outside.computeIfPresent(target, (t, keepers) -> keepers - 1)));
        outside.forEach((code, keepers) -> {
            if (keepers > 0) {
                work.add(code);
            }
        });
        while (!work.isEmpty()) {
            Code kept = work.remove();
            if (outside.remove(kept) != null) {
                work.addAll(nodes.get(kept).targets);
            }
        }
        return List.copyOf(outside.keySet());
    }

    /** All that hold memory. */
    List<Code> all() {
        return List.copyOf(nodes.keySet());
    }

    int count() {
        return nodes.size();
    }

    private static final class Node {
        /** What it refers to. */
        final Set<Code> targets = new HashSet<>();

        /** How many pieces and buffers refer to it. */
        int keepers;

        /** Closed, and nobody is in it. */
        boolean left;

        boolean refersForward;
        /** In the order of commits: the code of a piece refers to earlier ones. */
        final long number;

        Node(long number) {
            this.number = number;
        }
    }
}
