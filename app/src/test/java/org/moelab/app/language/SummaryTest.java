package org.moelab.app.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.traces.advice.FindingTable.Sourced;

final class SummaryTest {
    private static Question question(StoredRun run) {
        List<Sourced> found = new ArrayList<>();
        for (RunPhase phase : RunPhase.values()) {
            RunAdvice.of(run, run.top(), phase).forEach(f -> found.add(new Sourced("a folder of mine", f)));
        }
        return Summary.of(List.of(run), found, id -> id);
    }

    @Test
    void summary_ofARun_holdsItsFiguresAndFindings() {
        StoredRun run = KeptRun.read();
        String summary = question(run).summary();

        assertThat(summary).contains("gpt-oss-20b on NVIDIA H200", "layer 6: TTFT", "Longest operations of layer 6",
                "Measured ceiling of reading", "Findings, ", " (layer 6, decode): ",
                " (layer 6, prefill): ", "to gain at most");
    }

    @Test
    void summary_ofARun_holdsNoNameOfAFolderAndNoNote() {
        StoredRun kept = KeptRun.readWithLoads();
        RunReport r = kept.report();
        StoredRun run = new StoredRun(Path.of("/home/somebody/secret-run"), new RunReport(r.version(), false,
                r.started(), r.finished(), r.asked(), r.machine(), r.versions(), r.model(), r.loadSeconds(),
                r.startToFirstTokenSeconds(), r.ceilings(), r.layers(), r.expertLoads(), r.tuning(), r.failures(),
                List.of("the file /home/somebody/x was missing")));

        String shown = question(run).shown();
        assertThat(shown).doesNotContain("somebody", "secret-run", "a folder of mine", "/home");
        assertThat(shown.length()).isLessThan(20_000);
    }

    @Test
    void file_ofAnAnswer_isMarkedAndHoldsWhatWasSent(@TempDir Path folder) throws IOException {
        Question question = new Question("how", "what");

        Path file = AnalysisFile.write(folder, question, new Answer("# Do this", "m", "localhost", false));

        assertThat(file).hasFileName("llm-analysis.md");
        assertThat(Files.readAllLines(file)).first()
                .isEqualTo("> Written by a language model, not measured (m at localhost).");
        assertThat(Files.readString(file)).contains("# Do this", "    how", "    what");
    }
}
