package org.moelab.gpu.bench;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.moelab.gpu.technique.Catalogue;

/// What a sweep varies, everything else being the run's.
public enum SweepAxis {
    /// Sequences side by side.
    BATCH("sequences", "sequences side by side"),
    /// Tokens that each sequence holds when decode begins.
    CONTEXT("tokens", "tokens that each sequence holds when decode begins; decode is what it is about"),
    /// The numbers that the weights of experts and dense products are kept and multiplied in.
    PRECISION("", "the form of the weights: bf16; mxfp4, experts packed; fp8, also attention and unembedding in fp8;"
            + " fp8-kv, also keys and values in fp8"),
    /// Tokens of a prompt, of which no decode follows.
    PROMPT("tokens", "tokens of each prompt; prefill is what it is about, and only one token follows"),
    /// GPUs that the model is spread over.
    GPUS("GPUs", "GPUs that the model is spread over");

    /// The forms of weights, as `--sweep precision=` names them.
    private static final List<String> PRECISIONS = List.of("bf16", "mxfp4", "fp8", "fp8-kv");
    private static final List<String> SWITCHES = PRECISIONS.subList(1, PRECISIONS.size()); // techniques of the same names
    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,8}");

    private final String unit;
    private final String what;

    SweepAxis(String unit, String what) {
        this.unit = unit;
        this.what = what;
    }

    /// The axis that a command line or a file names.
    public static Optional<SweepAxis> of(String label) {
        return Arrays.stream(values()).filter(axis -> axis.label().equals(label)).findFirst();
    }

    /// The word for people, the command line and the file.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The unit of its values; empty where they are names.
    public String unit() {
        return unit;
    }

    /// What it is, in a sentence.
    public String what() {
        return what;
    }

    /// What is wrong with a value, if anything is.
    public Optional<String> problem(String value) {
        return switch (this) {
            case BATCH, CONTEXT, PROMPT -> COUNT.matcher(value).matches()
                    ? Optional.empty()
                    : Optional.of("'" + value + "' is no number of " + unit);
            case PRECISION -> PRECISIONS.contains(value)
                    ? Optional.empty()
                    : Optional.of("'" + value + "' is none of " + String.join(", ", PRECISIONS));
            case GPUS -> "1".equals(value)
                    ? Optional.empty()
                    : Optional.of("a model runs on one GPU; gpus=1 is all that can be measured");
        };
    }

    /// What is left out of every sweep of this axis, where something is.
    Optional<String> notMeasured() {
        return this == GPUS
                ? Optional.of("more than one GPU: a model runs on one, and spreading its experts is not built")
                : Optional.empty();
    }

    /// The work of a point.
    ///
    /// @param base what runs where this is not what varies
    Workload workload(Workload base, String value) {
        return switch (this) {
            case BATCH -> new Workload(Integer.parseInt(value), base.prompt(), base.generate(), base.warmups(),
                    base.repeats());
            case CONTEXT -> new Workload(base.batch(), Integer.parseInt(value), base.generate(), base.warmups(),
                    base.repeats());
            case PROMPT -> new Workload(base.batch(), Integer.parseInt(value), 1, base.warmups(), base.repeats());
            case PRECISION, GPUS -> base;
        };
    }

    /// The techniques of a point.
    ///
    /// @param base those of the layer
    Set<String> techniques(Set<String> base, String value, Catalogue catalogue) {
        if (this != PRECISION) {
            return base;
        }
        int form = PRECISIONS.indexOf(value);
        Set<String> on = new HashSet<>(base);
        SWITCHES.forEach(on::remove);
        SWITCHES.subList(0, form).forEach(id -> on.addAll(catalogue.alone(id)));
        return Set.copyOf(on);
    }
}
