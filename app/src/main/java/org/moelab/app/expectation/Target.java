package org.moelab.app.expectation;

import java.util.Locale;
import java.util.Optional;

/// What somebody else published, to aim at. Nothing of it was measured here.
///
/// @param gpu the part of a GPU's name that tells its model: `B200`
/// @param model the model, by name
/// @param subject what the figures are of
/// @param from tokens a second before
/// @param to tokens a second after
/// @param orMore whether `to` is a lower bound
/// @param factorLow how often as fast, at least
/// @param factorHigh at most
/// @param source where it is from
public record Target(String gpu, String model, String subject, Optional<Double> from, Optional<Double> to,
        boolean orMore, Optional<Double> factorLow, Optional<Double> factorHigh, String source) {
    /// Whether it was stated for this GPU.
    public boolean isOf(String device) {
        return (" " + device + " ").contains(" " + gpu + " ");
    }

    /// The figures in words.
    public String figures() {
        String rates = from.isPresent() && to.isPresent()
                ? String.format(Locale.ROOT, "%.0f to %.0f%s tok/s", from.get(), to.get(), orMore ? "+" : "")
                : "";
        String factors = factorLow.map(low -> factorHigh.filter(high -> !high.equals(low))
                .map(high -> String.format(Locale.ROOT, "%.0f to %.0f ×", low, high))
                .orElseGet(() -> String.format(Locale.ROOT, "%.0f ×", low))).orElse("");
        return rates + (rates.isEmpty() || factors.isEmpty() ? "" : ", ") + factors;
    }
}
