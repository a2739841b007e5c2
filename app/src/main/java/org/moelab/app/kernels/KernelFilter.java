package org.moelab.app.kernels;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a person types to see fewer kernels: words, or a regular expression between slashes.
///
/// @param matches whether a row is shown
/// @param problem what is wrong with the expression, in one line
public record KernelFilter(Predicate<KernelRow> matches, Optional<String> problem) {
    /// Everything.
    public static final KernelFilter ALL = new KernelFilter(_ -> true, Optional.empty());

    private static final Pattern SPACES = Pattern.compile("\\s+");

    /// Understands what was typed. Words must all occur in the name or the family, in any case; `/…/` is a regular
    /// expression that must occur in the name. An expression that is wrong hides nothing.
    public static KernelFilter parse(String typed) {
        String text = typed.strip();
        if (text.isEmpty()) {
            return ALL;
        }
        if (text.length() > 2 && text.startsWith("/") && text.endsWith("/")) {
            return expression(text.substring(1, text.length() - 1));
        }
        List<String> words = SPACES.splitAsStream(text.toLowerCase(Locale.ROOT)).toList();
        return new KernelFilter(row -> {
            String subject = (row.name() + " " + row.kind().label()).toLowerCase(Locale.ROOT);
            return words.stream().allMatch(subject::contains);
        }, Optional.empty());
    }

    private static KernelFilter expression(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return new KernelFilter(row -> pattern.matcher(row.name()).find(), Optional.empty());
        } catch (PatternSyntaxException e) {
            return new KernelFilter(ALL.matches(), Optional.of(e.getDescription() + " at character " + e.getIndex()));
        }
    }
}
