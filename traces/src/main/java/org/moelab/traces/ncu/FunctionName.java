package org.moelab.traces.ncu;

/// The name of a function alone, from its demangled name.
final class FunctionName {
    private FunctionName() {
    }

    /// Without return type, scope, template arguments and parameters:
    /// `void at::native::reduce<512, float>(float *, int)` gives `reduce`. A name that is not of this shape stays.
    static String of(String demangled) {
        int end = demangled.length();
        int parameters = openingOf(demangled, end, '(', ')');
        if (parameters > 0) {
            end = parameters;
        }
        int template = openingOf(demangled, end, '<', '>');
        if (template > 0) {
            end = template;
        }
        int start = end;
        while (start > 0 && (Character.isJavaIdentifierPart(demangled.charAt(start - 1))
                || demangled.charAt(start - 1) == '~')) {
            start--;
        }
        return start < end && (start == 0 || demangled.charAt(start - 1) == ':' || demangled.charAt(start - 1) == ' ')
                ? demangled.substring(start, end)
                : demangled;
    }

    /// Where the group that ends at `end` opens, or -1 where none ends there.
    private static int openingOf(String name, int end, char open, char close) {
        if (end == 0 || name.charAt(end - 1) != close) {
            return -1;
        }
        int depth = 0;
        for (int i = end - 1; i >= 0; i--) {
            char c = name.charAt(i);
            if (c == close) {
                depth++;
            } else if (c == open && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
