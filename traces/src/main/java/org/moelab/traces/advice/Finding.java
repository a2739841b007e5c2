package org.moelab.traces.advice;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/// Something that a rule found.
///
/// @param rule the rule's name, stable, in kebab case
/// @param severity how much it matters
/// @param title what it is, in a few words
/// @param explanation why it costs time, and what to think of before acting on it
/// @param timeNs the time that it is about; NaN where it is about none
/// @param ofNs the time that this is a share of; NaN where it is about none
/// @param boundNs what could be gained at most: no estimate but a bound, the time that would be left if what was found
///            vanished and nothing else changed. Bounds of several findings may count the same time. Empty where the
///            measured times give none
/// @param evidence the figures that it follows from
/// @param techniques those of the catalogue that address it, by id, the likeliest first
/// @param occurrences the events that it comes from, the longest first, at most [Occurrence#LISTED]
public record Finding(String rule, Severity severity, String title, String explanation, double timeNs, double ofNs,
        OptionalDouble boundNs, List<Evidence> evidence, List<String> techniques, List<Occurrence> occurrences) {
    /// The gravest first, then by the time that they are about.
    public static final Comparator<Finding> GRAVEST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparingDouble(f -> Double.isNaN(f.timeNs()) ? 0 : -f.share()).thenComparing(Finding::rule);

    public Finding {
        evidence = List.copyOf(evidence);
        techniques = List.copyOf(techniques);
        occurrences = occurrences.stream().sorted(Comparator.comparingDouble(Occurrence::ns).reversed())
                .limit(Occurrence.LISTED).toList();
    }

    /// A finding whose severity follows from its share of the time.
    public static Finding of(String rule, String title, String explanation, double timeNs, double ofNs,
            OptionalDouble boundNs, List<Evidence> evidence, List<String> techniques, List<Occurrence> occurrences) {
        return new Finding(rule, Severity.ofShare(timeNs / ofNs), title, explanation, timeNs, ofNs, boundNs, evidence,
                techniques, occurrences);
    }

    /// A finding about what was recorded: it concerns no time.
    public static Finding note(String rule, String title, String explanation, List<Evidence> evidence) {
        return new Finding(rule, Severity.NOTE, title, explanation, Double.NaN, Double.NaN, OptionalDouble.empty(),
                evidence, List.of(), List.of());
    }

    /// The same, of less weight than its share of the time says, for what need not cost time.
    public Finding atMost(Severity most) {
        return new Finding(rule, severity.compareTo(most) < 0 ? most : severity, title, explanation, timeNs, ofNs,
                boundNs, evidence, techniques, occurrences);
    }

    /// The time that it is about as a share of the whole, 0 to 1; NaN where it is about none.
    public double share() {
        return timeNs / ofNs;
    }

    /// The bound as a share of the whole, 0 to 1; NaN where there is none.
    public double boundShare() {
        return boundNs.orElse(Double.NaN) / ofNs;
    }
}
