package org.moelab.traces.kineto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Walks over JSON text in bytes, value by value, forward only and without recursion.
///
/// It is lenient where producers are: control characters in strings, `NaN` and `Infinity`, and bytes that are not UTF-8
/// pass. The text must be followed by [#PADDING] zero bytes, so that loops need no test for its end: a zero byte stops
/// them, and only then the position is compared with the limit.
final class JsonCursor {
    /// Zero bytes that must follow the text.
    static final int PADDING = 16;
    /// What [#time] gives for a number that is no time: not a number, infinite, or too large for nanoseconds.
    static final long NO_TIME = Long.MIN_VALUE;
    /// Times and durations stay below this, so that their sum fits a long.
    private static final long TIME_LIMIT = 1L << 62;

    private static final BigDecimal LIMIT = BigDecimal.valueOf(TIME_LIMIT);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final int MAX_SCALAR_TEXT = 4096;
    private static final int MAX_DIGITS_IN_LONG = 18;

    private final byte[] bytes;
    private final int limit;
    private int position;
    private int stringFrom;
    private int stringLength;
    private boolean stringEscaped;

    /// @param bytes the text, with padding behind `limit`
    /// @param from first byte to read
    /// @param limit one past the last byte of text
    JsonCursor(byte[] bytes, int from, int limit) {
        if (limit + PADDING > bytes.length) {
            throw new IllegalArgumentException("text without padding");
        }
        this.bytes = bytes;
        this.limit = limit;
        this.position = from;
    }

    int position() {
        return position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }

    int limit() {
        return limit;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Skips white space and gives the next byte without consuming it, 0 at the end of the text.
    int peek() {
        int p = position;
        byte b = bytes[p];
        while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            b = bytes[++p];
        }
        position = p;
        return b;
    }

    /// Whether nothing but white space is left.
    boolean atEnd() {
        return peek() == 0 && position >= limit;
    }

    /// Skips white space and consumes the byte, or throws.
    void expect(char wanted, String what) throws JsonFault {
        if (peek() != wanted) {
            throw fault(what);
        }
        position++;
    }

    /// The fault that something else was expected here.
    JsonFault fault(String expected) {
        return new JsonFault(position, expected, position >= limit);
    }

    /// The eight bytes from a position, the first one lowest.
    long word(int at) {
        return (long) LONGS.get(bytes, at);
    }

    /// Reads the string at the cursor, which must stand on its opening quote, and leaves its place in [#stringFrom] …
    void string() throws JsonFault {
        int p = position + 1;
        stringFrom = p;
        stringEscaped = false;
        while (true) {
            long w = (long) LONGS.get(bytes, p);
            long quote = w ^ QUOTES;
            long slash = w ^ BACKSLASHES;
            long zero = (w - ONES & ~w | quote - ONES & ~quote | slash - ONES & ~slash) & HIGHS;
            if (zero == 0) {
                p += 8;
                continue;
            }
            p += Long.numberOfTrailingZeros(zero) >>> 3;
            byte b = bytes[p];
            if (b == '"') {
                stringLength = p - stringFrom;
                position = p + 1;
                return;
            }
            if (b == '\\') {
                stringEscaped = true;
                p += 2;
            } else if (b == 0 && p >= limit) {
                throw new JsonFault(limit, "the end of a string", true);
            } else {
                p++;
            }
            if (p > limit) {
                throw new JsonFault(limit, "the end of a string", true);
            }
        }
    }

    /// First byte of the last string read, behind its quote.
    int stringFrom() {
        return stringFrom;
    }

    /// Bytes of the last string read, escapes as they stand.
    int stringLength() {
        return stringLength;
    }

    /// Whether the last string read holds a backslash.
    boolean stringEscaped() {
        return stringEscaped;
    }

    /// The last string read, as text.
    String stringText() {
        byte[] out = new byte[stringLength];
        int n = JsonText.unescape(bytes, stringFrom, stringLength, out);
        return new String(out, 0, n, StandardCharsets.UTF_8);
    }

    /// Skips white space, then a member's name and its colon, and leaves the name as the last string read.
    void memberName() throws JsonFault {
        if (peek() != '"') {
            throw fault("the name of a member");
        }
        string();
        expect(':', "':' after the name of a member");
        peek();
    }

    /// Skips the value at the cursor, however deeply it is nested.
    void skipValue() throws JsonFault {
        switch (peek()) {
            case '"' -> string();
            case '{', '[' -> skipNested();
            default -> skipLiteral();
        }
    }

    private void skipNested() throws JsonFault {
        int depth = 0;
        int p = position;
        while (true) {
            switch (bytes[p]) {
                case '{', '[' -> {
                    depth++;
                    p++;
                }
                case '}', ']' -> {
                    depth--;
                    p++;
                    if (depth == 0) {
                        position = p;
                        return;
                    }
                }
                case '"' -> {
                    int from = stringFrom;
                    int length = stringLength;
                    boolean escaped = stringEscaped;
                    position = p;
                    string();
                    p = position;
                    stringFrom = from;
                    stringLength = length;
                    stringEscaped = escaped;
                }
                case 0 -> {
                    if (p >= limit) {
                        throw new JsonFault(limit, "the end of a nested value", true);
                    }
                    p++;
                }
                default -> p++;
            }
        }
    }

    /// Skips a number, a word such as `null`, or whatever else has no white space, comma or bracket in it.
    private void skipLiteral() throws JsonFault {
        int from = position;
        while (isLiteralByte(bytes[position])) {
            position++;
        }
        if (position == from) {
            throw fault("a value");
        }
        if (position >= limit) {
            throw new JsonFault(limit, "the end of a value", true);
        }
    }

    private static boolean isLiteralByte(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '.' || b == '-' || b == '+';
    }

    /// Reads a whole number, quoted or not; anything else, and what exceeds 2^62, is skipped and gives `absent`.
    long wholeNumber(long absent) throws JsonFault {
        int start = position;
        boolean quoted = bytes[position] == '"';
        int p = quoted ? position + 1 : position;
        boolean negative = bytes[p] == '-';
        if (negative) {
            p++;
        }
        int first = p;
        long value = 0;
        int digit;
        while ((digit = bytes[p] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            p++;
        }
        boolean ends = quoted ? bytes[p] == '"' : !isLiteralByte(bytes[p]);
        if (p == first || p - first > MAX_DIGITS_IN_LONG || !ends || p >= limit) {
            position = start;
            return wholeNumberSlowly(absent);
        }
        position = quoted ? p + 1 : p;
        return negative ? -value : value;
    }

    private long wholeNumberSlowly(long absent) throws JsonFault {
        return rounded(scalar(), 0, absent);
    }

    /// Reads a number of microseconds, quoted or not, as whole nanoseconds, from its decimal digits and never through a
    /// double; digits beyond the nanosecond round half up. Anything else gives [#NO_TIME].
    long time() throws JsonFault {
        int p = position;
        boolean negative = bytes[p] == '-';
        if (negative) {
            p++;
        }
        int first = p;
        long value = 0;
        int digit;
        while ((digit = bytes[p] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            p++;
        }
        int whole = p - first;
        boolean slow = whole == 0 || whole > MAX_DIGITS_IN_LONG || value >= TIME_LIMIT / 1000;
        value *= 1000;
        if (bytes[p] == '.') {
            p++;
            long scale = 100;
            while ((digit = bytes[p] - '0') >= 0 && digit <= 9 && scale > 0) {
                value += digit * scale;
                scale /= 10;
                p++;
            }
            if (digit >= 5 && digit <= 9) {
                value++;
            }
            while ((digit = bytes[p] - '0') >= 0 && digit <= 9) {
                p++;
            }
        }
        if (slow || isLiteralByte(bytes[p]) || p >= limit) {
            return rounded(scalar(), 3, NO_TIME);
        }
        position = p;
        return negative ? -value : value;
    }

    /// Reads a number, quoted or not; anything else gives NaN.
    double number() throws JsonFault {
        int p = position;
        long value = 0;
        int digit;
        while ((digit = bytes[p] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            p++;
        }
        int length = p - position;
        if (length > 0 && length <= 15 && !isLiteralByte(bytes[p]) && p < limit) {
            position = p;
            return value;
        }
        try {
            return Double.parseDouble(scalar());
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    /// Takes one member or element; it must consume the value.
    @FunctionalInterface
    interface Taker {
        /// @param name the member's name, empty for an element
        void take(String name) throws JsonFault;
    }

    /// Reads the object at the cursor member by member; anything else is skipped.
    void forEachMember(Taker taker) throws JsonFault {
        if (peek() == '{') {
            position++;
            if (peek() == '}') {
                position++;
            } else {
                members(taker);
            }
        } else {
            skipValue();
        }
    }

    /// Reads members up to the end of their object, the first one being due.
    private void members(Taker taker) throws JsonFault {
        int next;
        do {
            memberName();
            taker.take(stringText());
            next = peek();
            if (next != ',' && next != '}') {
                throw fault("',' or '}' after a member");
            }
            position++;
        } while (next == ',');
    }

    /// Reads the array at the cursor element by element; anything else is skipped.
    void forEachElement(Taker taker) throws JsonFault {
        if (peek() != '[') {
            skipValue();
            return;
        }
        position++;
        if (peek() == ']') {
            position++;
            return;
        }
        int next;
        do {
            peek();
            taker.take("");
            next = peek();
            if (next != ',' && next != ']') {
                throw fault("',' or ']' after an element");
            }
            position++;
        } while (next == ',');
    }

    /// Reads a string or a literal as text; of a nested or very long value, nothing.
    String scalar() throws JsonFault {
        int next = peek();
        int from = position;
        if (next == '"') {
            string();
            return stringLength <= MAX_SCALAR_TEXT ? stringText().strip() : "";
        }
        if (next == '{' || next == '[') {
            skipNested();
            return "";
        }
        skipLiteral();
        int length = position - from;
        return length <= MAX_SCALAR_TEXT ? new String(bytes, from, length, StandardCharsets.US_ASCII) : "";
    }

    /// The number times a power of ten as a long, rounded half up, or `absent` where the text is no number or too large.
    private static long rounded(String text, int powerOfTen, long absent) {
        if (!text.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0)) {
            return absent;
        }
        try {
            BigDecimal exact = new BigDecimal(text);
            long magnitude = (long) exact.precision() - exact.scale();
            if (exact.signum() == 0 || magnitude < -MAX_DIGITS_IN_LONG) {
                return 0;
            }
            if (magnitude > MAX_DIGITS_IN_LONG + 1) {
                return absent;
            }
            BigDecimal scaled = exact.movePointRight(powerOfTen).setScale(0, RoundingMode.HALF_UP);
            return scaled.abs().compareTo(LIMIT) < 0 ? scaled.longValueExact() : absent;
        } catch (NumberFormatException _) {
            return absent;
        }
    }
}
