package org.moelab.app.report;

import java.util.Locale;
import java.util.Optional;

import org.moelab.app.run.Speedup;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.Asked;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.model.Unit;

/// Figures within sentences.
final class Words {
    static final String NOT_MEASURED = "not measured";

    private Words() {
    }

    /// The figure and its unit on one line.
    private static String joined(String figure) {
        return figure.replace(' ', '\u00a0');
    }

    static String ms(double ms) {
        return joined(Unit.NANOSECONDS.format(ms * 1e6));
    }

    static String us(double us) {
        return joined(Unit.MICROSECONDS.format(us));
    }

    static String rate(double perSecond) {
        return joined(String.format(Locale.ROOT, perSecond < 1000 ? "%.1f tok/s" : "%,.0f tok/s", perSecond));
    }

    /// Two decimals; three near 1, where they tell slower from faster.
    static String times(double factor) {
        return String.format(Locale.ROOT, Math.abs(factor - 1) < 0.01 ? "%.3f×" : "%.2f×", factor);
    }

    /// Between what it lies: `4.28–4.31`.
    static String range(Speedup speedup) {
        return speedup.repeated()
                ? String.format(Locale.ROOT, "%.3f–%.3f", speedup.low(), speedup.high())
                : "one run";
    }

    /// A speedup with its range, or that it is within noise.
    static String speedup(Speedup speedup) {
        return String.format(Locale.ROOT, "%.3f×", speedup.factor()) + " (" + range(speedup)
                + (speedup.withinNoise() ? ", within noise" : "") + ")";
    }

    static String percent(double share) {
        return joined(Unit.PERCENT.format(share * 100));
    }

    /// The layer's name with which a sentence begins.
    static String begin(String layer) {
        return capital(StoredRun.layerName(layer));
    }

    /// Words with which a sentence begins.
    static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /// Energy of the GPU in all runs that count, prompts included, over the new tokens of these runs.
    static Optional<Double> joulesPerToken(LayerResult layer, Asked asked) {
        long tokens = (long) asked.batch() * asked.generate() * asked.repeats();
        return layer.energyJoules().filter(_ -> tokens > 0).map(joules -> joules / tokens);
    }
}
