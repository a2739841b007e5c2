package org.moelab.gpu.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// For scripts: a head line, then a line a measurement, plain numbers with a point, RFC 4180. What was not measured is
/// empty.
public record BenchCsv() implements BenchRenderer {
    private static final List<String> COLUMNS = List.of("model", "device", "layer", "batch", "prefill", "decode",
            "repeats", "prefill_tokens_per_second", "decode_tokens_per_second", "ttft_ms_p50", "ttft_ms_p90",
            "ttft_ms_p99", "tpot_ms_p50", "tpot_ms_p90", "tpot_ms_p99", "inter_token_ms_p50", "inter_token_ms_p90",
            "inter_token_ms_p99");

    @Override
    public String render(List<BenchRow> rows) {
        return Stream.concat(Stream.of(COLUMNS.stream()), rows.stream().map(BenchCsv::cells))
                .map(cells -> cells.map(BenchCsv::quoted).collect(Collectors.joining(",", "", "\n")))
                .collect(Collectors.joining());
    }

    private static Stream<String> cells(BenchRow row) {
        Measurement m = row.measurement();
        Workload w = m.workload();
        OptionalDouble decode = m.decodeTokensPerSecond();
        return Stream.of(
                Stream.of(row.model(), row.device(), row.layer()),
                Stream.of(w.batch(), w.prompt(), w.generate(), w.repeats()).map(String::valueOf),
                Stream.of(Double.toString(m.prefillTokensPerSecond()),
                        decode.isPresent() ? Double.toString(decode.getAsDouble()) : ""),
                spread(Optional.of(m.ttftMs())), spread(m.tpotMs()), spread(m.interTokenMs()))
                .flatMap(cells -> cells);
    }

    private static Stream<String> spread(Optional<Spread> spread) {
        return spread.map(s -> Stream.of(s.p50(), s.p90(), s.p99()).map(String::valueOf))
                .orElseGet(() -> Stream.of("", "", ""));
    }

    static String quoted(String cell) {
        return cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
