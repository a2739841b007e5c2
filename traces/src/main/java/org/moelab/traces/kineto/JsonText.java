package org.moelab.traces.kineto;

/// Turns the escapes of a JSON string into the UTF-8 that they stand for.
final class JsonText {
    private static final int REPLACEMENT = 0xFFFD;

    private JsonText() {
    }

    /// Where the first value begins: behind a byte order mark and white space.
    static int start(byte[] text) {
        int i = 0;
        if (text.length >= 3 && (text[0] & 0xFF) == 0xEF && (text[1] & 0xFF) == 0xBB && (text[2] & 0xFF) == 0xBF) {
            i = 3;
        }
        while (i < text.length && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t')) {
            i++;
        }
        return i;
    }

    /// Writes the unescaped string and gives its length, which is never larger than the escaped one.
    /// A broken escape stands for itself, half a surrogate pair for the replacement character.
    static int unescape(byte[] in, int from, int length, byte[] out) {
        int n = 0;
        int end = from + length;
        int i = from;
        while (i < end) {
            byte b = in[i];
            if (b != '\\' || i + 1 == end) {
                out[n++] = b;
                i++;
                continue;
            }
            byte escape = in[i + 1];
            if (escape == 'u') {
                int unit = hex(in, i + 2, end);
                if (unit < 0) {
                    out[n++] = b;
                    i++;
                    continue;
                }
                i += 6;
                int codePoint = unit;
                if (Character.isHighSurrogate((char) unit) && i + 1 < end && in[i] == '\\' && in[i + 1] == 'u') {
                    int low = hex(in, i + 2, end);
                    if (low >= 0 && Character.isLowSurrogate((char) low)) {
                        codePoint = Character.toCodePoint((char) unit, (char) low);
                        i += 6;
                    }
                }
                n = append(codePoint, out, n);
            } else {
                out[n++] = single(escape);
                i += 2;
            }
        }
        return n;
    }

    private static byte single(byte escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escape;
        };
    }

    private static int hex(byte[] in, int from, int end) {
        if (from + 4 > end) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(in[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static int append(int codePoint, byte[] out, int at) {
        int c = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? REPLACEMENT : codePoint;
        int n = at;
        if (c < 0x80) {
            out[n++] = (byte) c;
        } else if (c < 0x800) {
            out[n++] = (byte) (0xC0 | c >> 6);
            out[n++] = (byte) (0x80 | c & 0x3F);
        } else if (c < 0x10000) {
            out[n++] = (byte) (0xE0 | c >> 12);
            out[n++] = (byte) (0x80 | c >> 6 & 0x3F);
            out[n++] = (byte) (0x80 | c & 0x3F);
        } else {
            out[n++] = (byte) (0xF0 | c >> 18);
            out[n++] = (byte) (0x80 | c >> 12 & 0x3F);
            out[n++] = (byte) (0x80 | c >> 6 & 0x3F);
            out[n++] = (byte) (0x80 | c & 0x3F);
        }
        return n;
    }
}
