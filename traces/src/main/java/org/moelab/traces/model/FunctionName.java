package org.moelab.traces.model;

import java.util.regex.Pattern;

/// The parts of a C++ function's name, as kernels carry it: demangled, or mangled by the Itanium ABI (section 5.1), of
/// which only scope and name are read. A name that does not look like one is its own [#name()].
///
/// @param scope the namespaces and classes before the name, such as `at::native::`, or the empty string
/// @param name the bare name, such as `vectorized_elementwise_kernel`
/// @param arguments the template arguments with their brackets, or the empty string
public record FunctionName(String scope, String name, String arguments) {
    private static final Pattern CLONE = Pattern.compile(" \\[clone [^\\]]*]$");
    private static final Pattern QUALIFIER = Pattern.compile("(?:\\w+|\\(anonymous namespace\\)|<unnamed>)::");

    /// Takes a name apart: return type and parameter list are dropped, and so is the note of a compiler's clone.
    public static FunctionName parse(String recorded) {
        if (recorded.startsWith("_Z")) {
            return parseMangled(recorded);
        }
        String demangled = CLONE.matcher(recorded).replaceFirst("");
        int parameters = parameterList(demangled);
        if (parameters < 0 && !demangled.startsWith("void ")) {
            return new FunctionName("", recorded, "");
        }
        String function = parameters < 0 ? demangled : demangled.substring(0, parameters);
        int scopeStart = 0;
        int nameStart = 0;
        int argumentsStart = function.length();
        int depth = 0;
        for (int i = 0; i < function.length(); i++) {
            char c = function.charAt(i);
            if (opens(c)) {
                if (depth == 0 && c == '<') {
                    argumentsStart = i;
                }
                depth++;
            } else if (closes(function, i)) {
                depth--;
            } else if (depth == 0 && c == ' ') {
                scopeStart = i + 1;
                nameStart = i + 1;
                argumentsStart = function.length();
            } else if (depth == 0 && c == ':') {
                nameStart = i + 1;
                argumentsStart = function.length();
            }
        }
        if (nameStart >= argumentsStart) {
            return new FunctionName("", recorded, "");
        }
        return new FunctionName(function.substring(scopeStart, nameStart),
                function.substring(nameStart, argumentsStart), function.substring(argumentsStart));
    }

    /// Reads `_Z` or `_ZN`, then identifiers, each after its length.
    private static FunctionName parseMangled(String mangled) {
        StringBuilder scope = new StringBuilder();
        String name = "";
        int i = mangled.startsWith("_ZN") ? 3 : 2;
        while (i < mangled.length() && Character.isDigit(mangled.charAt(i))) {
            int length = 0;
            for (; i < mangled.length() && Character.isDigit(mangled.charAt(i)) && length < mangled.length(); i++) {
                length = length * 10 + mangled.charAt(i) - '0';
            }
            if (length == 0 || i + length > mangled.length()) {
                break;
            }
            scope.append(name).append(name.isEmpty() ? "" : "::");
            name = mangled.substring(i, i + length);
            i += length;
        }
        return name.isEmpty() ? new FunctionName("", mangled, "") : new FunctionName(scope.toString(), name, "");
    }

    /// What fits beside a bar: the bare name, then the template arguments without their namespaces.
    public String label() {
        return arguments.isEmpty() ? name : name + QUALIFIER.matcher(arguments).replaceAll("");
    }

    /// Where the parameter list opens: the first bracket at the top level that directly follows a name or its template
    /// arguments and closes at the very end, or -1.
    private static int parameterList(String s) {
        int depth = 0;
        int list = -1;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '(' && depth == 0 && list < 0 && i > 0 && followsName(s.charAt(i - 1))) {
                list = i;
            }
            if (opens(c)) {
                depth++;
            } else if (closes(s, i)) {
                depth--;
            } else if (depth == 0 && list >= 0) {
                return -1;
            }
        }
        return depth == 0 ? list : -1;
    }

    private static boolean followsName(char c) {
        return Character.isJavaIdentifierPart(c) || c == '>';
    }

    private static boolean opens(char c) {
        return c == '<' || c == '(' || c == '[' || c == '{';
    }

    private static boolean closes(String s, int i) {
        char c = s.charAt(i);
        return c == ')' || c == ']' || c == '}' || c == '>' && (i == 0 || s.charAt(i - 1) != '-');
    }
}
