package org.moelab.app.expectation;

import java.util.Locale;
import java.util.Optional;

import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;

/// A measured time beside the expected one.
///
/// @param layer the layer's id
/// @param phase prefill or decode
/// @param operation its name; empty for the whole: the time to first token, or per output token
/// @param expectedMs in milliseconds; of operations, in a step
/// @param measuredMs the same of the run
/// @param noise the standard deviation of the logarithm of their quotient, where nothing changed
/// @param verdict what is to be thought of it
/// @param ofWhole the difference over the expected whole time of the layer's phase
/// @param explains the difference over that of the whole; absent where the whole did not move beyond noise
/// @param remark what else is known, empty for nothing
public record Comparison(String layer, RunPhase phase, String operation, double expectedMs, double measuredMs,
        double noise, Verdict verdict, double ofWhole, Optional<Double> explains, String remark) {
    /// What is to be thought of a difference.
    public enum Verdict {
        REGRESSED("regressed"), IMPROVED("improved"),
        /// An operation that moved beyond noise, by so little of its phase that it does not fail a run alone.
        TOO_SMALL("moved, too small to fail"), WITHIN_NOISE("within noise");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        /// In words.
        public String label() {
            return label;
        }
    }

    /// Whether it is of the whole phase.
    public boolean isWhole() {
        return operation.isEmpty();
    }

    /// What was compared: `TPOT`, or an operation.
    public String subject() {
        return isWhole() ? phase == RunPhase.PREFILL ? "TTFT" : "TPOT" : operation;
    }

    /// Measured less expected, in milliseconds.
    public double deltaMs() {
        return measuredMs - expectedMs;
    }

    /// The same as a part of the expected.
    public double relative() {
        return deltaMs() / expectedMs;
    }

    /// The difference in widths of noise: positive is slower.
    public double widths() {
        return Math.log(measuredMs / expectedMs) / noise;
    }

    /// In a sentence.
    public String about() {
        double scale = isWhole() ? 1 : 1e3;
        String unit = isWhole() ? " ms" : " µs a step";
        String whole = isWhole() || Math.abs(ofWhole) < 5e-4
                ? ""
                : String.format(Locale.ROOT, "; %+.1f %% of the %s%s", 100 * ofWhole,
                        phase == RunPhase.PREFILL ? "TTFT" : "TPOT",
                        explains.map(e -> String.format(Locale.ROOT, ", %.0f %% of its change", 100 * e)).orElse(""));
        return String.format(Locale.ROOT,
                "%s, %s, %s %s: %.4g%s expected, %.4g measured (%+.4g, %+.1f %%, %.1f widths of noise)%s%s",
                StoredRun.layerName(layer), phase.label(), subject(), verdict.label(), scale * expectedMs, unit,
                scale * measuredMs, scale * deltaMs(), 100 * relative(), Math.abs(widths()), whole,
                remark.isEmpty() ? "" : "; " + remark);
    }

    Comparison with(Verdict found, Optional<Double> explained) {
        return new Comparison(layer, phase, operation, expectedMs, measuredMs, noise, found, ofWhole, explained,
                remark);
    }
}
