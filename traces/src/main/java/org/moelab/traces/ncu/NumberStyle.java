package org.moelab.traces.ncu;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// How a CSV page writes numbers: the tool prints decimal marks and thousands separators by the user's locale.
final class NumberStyle {
    private static final Pattern PLAIN = Pattern.compile("[-+]?\\d*\\.?\\d+([eE][-+]?\\d+)?|[-+]?\\d+\\.");
    private static final Pattern MARKED = Pattern.compile("[-+]?(?:\\d{1,3}(?:[.,]\\d{3})*|\\d*)(?:[.,]\\d+)?");

    private final char decimal;
    private final Pattern grouped;

    private NumberStyle(char decimal) {
        this.decimal = decimal;
        String mark = Pattern.quote(String.valueOf(decimal));
        String separators = decimal == '.' ? "[,'’ \\u00A0\\u202F]" : "[.'’ \\u00A0\\u202F]";
        grouped = Pattern.compile("[-+]?\\d{1,3}(?:" + separators + "\\d{3})+(?:" + mark + "\\d+)?");
    }

    /// A number in this style, NaN for `nan`; empty where the text is none.
    OptionalDouble parse(String text) {
        String s = text.strip();
        if (s.isEmpty()) {
            return OptionalDouble.empty();
        }
        char last = s.charAt(s.length() - 1);
        if (last == 'n' || last == 'f' || last == 'N') {
            return notFinite(s);
        }
        if (grouped.matcher(s).matches()) {
            StringBuilder digits = new StringBuilder(s.length());
            for (int i = 0; i < s.length(); i++) {
                char c = s.charAt(i);
                if (c == decimal) {
                    digits.append('.');
                } else if (Character.isDigit(c) || c == '-' || c == '+') {
                    digits.append(c);
                }
            }
            return OptionalDouble.of(Double.parseDouble(digits.toString()));
        }
        String pointed = decimal == ',' ? s.indexOf('.') >= 0 ? "" : s.replace(',', '.') : s;
        return PLAIN.matcher(pointed).matches()
                ? OptionalDouble.of(Double.parseDouble(pointed))
                : OptionalDouble.empty();
    }

    private static OptionalDouble notFinite(String s) {
        return switch (s) {
            case "nan", "-nan", "NaN" -> OptionalDouble.of(Double.NaN);
            case "inf", "+inf" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> OptionalDouble.empty();
        };
    }

    /// Finds a page's style from its values: `1,5` and `1.000,5` tell, `1,500` alone does not.
    static final class Evidence {
        private int point;
        private int comma;

        void observe(String value) {
            if (!MARKED.matcher(value).matches()) {
                return;
            }
            int lastPoint = value.lastIndexOf('.');
            int lastComma = value.lastIndexOf(',');
            if (lastPoint >= 0 && lastComma >= 0) {
                count(lastPoint > lastComma);
            } else if (lastPoint >= 0) {
                observeSole(value, '.', lastPoint, true);
            } else if (lastComma >= 0) {
                observeSole(value, ',', lastComma, false);
            }
        }

        private void observeSole(String value, char mark, int last, boolean isPoint) {
            if (value.indexOf(mark) < last) {
                count(!isPoint);
            } else if (value.length() - last - 1 != 3 || value.substring(0, last).matches("[-+]?0?")) {
                count(isPoint);
            }
        }

        private void count(boolean pointIsDecimal) {
            if (pointIsDecimal) {
                point++;
            } else {
                comma++;
            }
        }

        /// Whether values contradict each other.
        boolean isMixed() {
            return point > 0 && comma > 0;
        }

        /// The style that most values show; a decimal point where none does.
        NumberStyle style() {
            return new NumberStyle(comma > point ? ',' : '.');
        }
    }
}
