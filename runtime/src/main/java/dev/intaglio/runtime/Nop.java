package dev.intaglio.runtime;

/** The NOPs of one to nine bytes that Intel recommends (SDM volume 2B, NOP, table 4-12). */
final class Nop {
    private static final String[] HEX = {
        "",
        "90",
        "6690",
        "0f1f00",
        "0f1f4000",
        "0f1f440000",
        "660f1f440000",
        "0f1f8000000000",
        "0f1f840000000000",
        "660f1f840000000000"
    };

    private static final byte[][] NOPS = new byte[HEX.length][];

    static {
        for (int n = 0; n < HEX.length; n++) {
            NOPS[n] = java.util.HexFormat.of().parseHex(HEX[n]);
        }
    }

    private Nop() {}

    /** Fills {@code count} bytes from {@code p} with as few instructions as can be; returns the position behind them. */
    static int fill(byte[] b, int p, int count) {
        int left = count;
        int at = p;
        while (left > 0) {
            int length = Math.min(left, NOPS.length - 1);
            System.arraycopy(NOPS[length], 0, b, at, length);
            at += length;
            left -= length;
        }
        return at;
    }
}
