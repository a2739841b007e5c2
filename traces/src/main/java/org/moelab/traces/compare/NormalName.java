package org.moelab.traces.compare;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.model.FunctionName;

/// A kernel's name without what changes when the same work is compiled or tuned anew: tile sizes, stages and architectures
/// in the name, numbers among the template arguments, numbers of lambdas, and the suffix of a kernel's variant.
final class NormalName {
    /// `{lambda(int)#1}`, `[lambda(int) (instance 2)]`: which lambda of its function, by the compiler's count.
    private static final Pattern LAMBDA_NUMBER = Pattern.compile("#\\d+}|\\(instance \\d+\\)");
    /// `__without_ilp`, `__with_latency_hiding`, `__for_hidden_2880`: this lab's own variants.
    private static final Pattern VARIANT = Pattern.compile("__(?:with(?:out)?|for)_\\w+");
    /// `_128x64x32`, `_tile128`, `_stages3`, `_sm90`, `_align8`, `_t1`: what a tuner chooses.
    private static final Pattern TUNING = Pattern.compile(
            "_(?:\\d+x\\d+(?:x\\d+)*|(?:tile|stages?|sm|align|warps?|splitk?|bk|bm|bn|t)_?\\d+[a-z]?)(?![a-zA-Z0-9])",
            Pattern.CASE_INSENSITIVE);
    /// Literals among template arguments: `128`, `256ul`, `true`.
    private static final Pattern LITERAL = Pattern.compile("(?<![\\w.])-?\\d+u?l*\\b|\\b(?:true|false)\\b");
    /// Casts, parameter lists and what stands in brackets within them, innermost first: tools write them differently.
    private static final Pattern BRACKETS = Pattern.compile("\\([^()]*\\)");
    private static final Pattern LAMBDA = Pattern.compile("[\\[{]lambda\\s*(?:#\\d*)?}?[\\]}]?");
    private static final Pattern NOISE = Pattern.compile("\\b(?:void|const)\\b|\\s+");
    /// A copy's details: `Memcpy DtoH (Device -> Pinned)`, `[CUDA memcpy Device-to-Host]`.
    private static final Pattern COPY = Pattern.compile(
            "(?i)\\[?(?:cuda )?(mem(?:cpy|set))(?: (h|host|d|device|p|peer)-?to-?(h|host|d|device|p|peer))?.*");
    /// `triton_poi_fused_add_3`, `kernel_0`: a compiler's running number.
    private static final Pattern RUNNING_NUMBER = Pattern.compile("(?:_\\d+)+$");

    private NormalName() {
    }

    /// The name with its template arguments, of which literals are left out.
    static String of(String recorded) {
        FunctionName name = FunctionName.parse(recorded);
        return anonymous(name.scope()) + bare(name) + arguments(anonymous(name.arguments()));
    }

    /// A copy or fill: what it does, and between which sides.
    static String ofCopy(String recorded) {
        Matcher copy = COPY.matcher(recorded);
        return !copy.matches()
                ? recorded
                : copy.group(1).toLowerCase(Locale.ROOT)
                        + (copy.group(2) == null ? "" : " " + side(copy.group(2)) + "to" + side(copy.group(3)));
    }

    private static String side(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT);
    }

    private static String anonymous(String text) {
        return text.replace("(anonymous namespace)", "anonymous").replace("<unnamed>", "anonymous");
    }

    private static String arguments(String arguments) {
        String flat = arguments;
        String before = "";
        while (!flat.equals(before)) {
            before = flat;
            flat = BRACKETS.matcher(flat).replaceAll("");
        }
        String plain = NOISE.matcher(LAMBDA.matcher(flat).replaceAll("lambda")).replaceAll("");
        return TUNING.matcher(LITERAL.matcher(plain).replaceAll("#")).replaceAll("");
    }

    /// The function alone.
    static String function(String recorded) {
        FunctionName name = FunctionName.parse(recorded);
        return anonymous(name.scope()) + bare(name);
    }

    private static String bare(FunctionName name) {
        String plain = VARIANT.matcher(LAMBDA_NUMBER.matcher(name.name()).replaceAll("")).replaceAll("");
        String untuned = TUNING.matcher(plain).replaceAll("");
        String unnumbered = RUNNING_NUMBER.matcher(untuned).replaceAll("");
        return unnumbered.isEmpty() ? plain : unnumbered;
    }
}
