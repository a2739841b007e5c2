package org.moelab.gpu.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// For people: a line a measurement. What was not measured is a dash.
public record BenchTable() implements BenchRenderer {
    @Override
    public String render(List<BenchRow> rows) {
        StringBuilder text = new StringBuilder();
        if (!rows.isEmpty()) {
            text.append(rows.getFirst().model()).append(" on ").append(rows.getFirst().device())
                    .append("; medians over runs, tokens a second over the whole batch, times in ms\n");
        }
        text.append(String.format(Locale.ROOT, "%-9s %5s %7s %6s %14s %14s %10s %10s %12s %12s%n", "layer", "batch",
                "prefill", "decode", "prefill tok/s",
                "decode tok/s", "TTFT", "TPOT", "step median", "step p99"));
        for (BenchRow row : rows) {
            Measurement m = row.measurement();
            text.append(String.format(Locale.ROOT, "%-9s %5d %7d %6d %14s %14s %10s %10s %12s %12s%n", row.layer(),
                    m.workload().batch(), m.workload().prompt(),
                    m.workload().generate(), number(OptionalDouble.of(m.prefillTokensPerSecond()), 1),
                    number(m.decodeTokensPerSecond(), 1), number(OptionalDouble.of(m.ttftMs().p50()), 3),
                    number(figure(m.tpotMs(), Spread::p50), 3),
                    number(figure(m.interTokenMs(), Spread::p50), 3),
                    number(figure(m.interTokenMs(), Spread::p99), 3)));
        }
        return text.toString();
    }

    private static OptionalDouble figure(Optional<Spread> spread, ToDoubleFunction<Spread> which) {
        return spread.isPresent() ? OptionalDouble.of(which.applyAsDouble(spread.get())) : OptionalDouble.empty();
    }

    private static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,." + decimals + "f", value.getAsDouble()) : "–";
    }
}
