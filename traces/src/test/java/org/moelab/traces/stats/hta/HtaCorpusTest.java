package org.moelab.traces.stats.hta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.Reports;

/// Compares every report of every variant with what HolisticTraceAnalysis 0.6.1 gave for the file, row by row.
class HtaCorpusTest {
    private static final Map<String, ReportOptions> VARIANTS = Map.of("hta_default", new ReportOptions(true, false),
            "hta_default_unrounded", ReportOptions.DEFAULT, "hta_include_last_step", new ReportOptions(true, true),
            "hta_include_last_step_unrounded", new ReportOptions(false, true));

    /// Reference file and key columns of a report.
    private record Reference(String report, String file, List<String> keys) {}

    private static final List<Reference> REFERENCES = List.of(
            new Reference("temporal_breakdown", "temporal_breakdown", List.of("rank")),
            new Reference("gpu_kernel_breakdown", "gpu_kernel_breakdown_0", List.of("kernel_type")),
            new Reference("gpu_kernels", "gpu_kernel_breakdown_1", List.of("name", "rank")),
            new Reference("comm_comp_overlap", "comm_comp_overlap", List.of("rank")),
            new Reference("idle_time_breakdown", "idle_time_breakdown_0", List.of("rank", "stream", "idle_category")),
            new Reference("cuda_kernel_launch_stats", "cuda_kernel_launch_stats_0", List.of("correlation")),
            new Reference("queue_length_summary", "queue_length_summary", List.of("rank", "stream")),
            new Reference("memory_bw_summary", "memory_bw_summary", List.of("rank", "name")));

    @TestFactory
    Stream<DynamicTest> reports_corpusFile_equalReference() {
        Map<Path, Path> answersOfFile = new LinkedHashMap<>();
        for (Path file : Corpus.files("kineto", ".json")) {
            answersOfFile.put(file, answers(file.getFileName().toString().replaceFirst("\\.json(\\.gz)?$", "")));
        }
        for (Path file : Corpus.files("h200", "grouped_mm.pt.trace.json")) {
            answersOfFile.put(file, answers("h200_gptoss20b_grouped"));
        }
        return answersOfFile.entrySet().stream().filter(e -> Files.isDirectory(e.getValue()))
                .map(e -> DynamicTest.dynamicTest(e.getKey().getFileName().toString(),
                        () -> compare(e.getKey(), e.getValue())));
    }

    /// The eight ranks of one job, read as one recording.
    @Test
    void reports_severalRanks_equalReference() throws IOException, TraceReadException {
        String job = "param_dlrm_8ranks_v100";
        Recording recording = Recordings.openAll(Corpus.files("kineto/" + job, ".json"), ImportOptions.DEFAULT,
                ImportMonitor.NONE);
        for (String variant : List.of("hta_default", "hta_include_last_step")) {
            Path folder = answers(job).resolve(variant);
            for (Reference reference : REFERENCES) {
                boolean launches = reference.report.equals("cuda_kernel_launch_stats");
                ReferenceTable wanted = launches
                        ? launchesOfRanks(folder)
                        : ReferenceTable.of(Corpus.csv(folder.resolve(reference.file + ".csv")));
                assertThat(wanted.rows()).as(reference.report).isNotEmpty();
                assertThat(wanted.differences(
                        Reports.find(reference.report).orElseThrow().run(recording,
                                VARIANTS.getOrDefault(variant, ReportOptions.DEFAULT)),
                        launches ? List.of("rank", "correlation") : reference.keys))
                        .as("%s %s", variant, reference.report).isEmpty();
            }
        }
    }

    /// The tool gives a table a rank, without a column that names it.
    private static ReferenceTable launchesOfRanks(Path folder) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        for (int rank = 0; rank < 8; rank++) {
            for (Map<String, String> row : ReferenceTable
                    .of(Corpus.csv(folder.resolve("cuda_kernel_launch_stats_" + rank + ".csv"))).rows()) {
                row.put("rank", Integer.toString(rank));
                rows.add(row);
            }
        }
        return new ReferenceTable(rows);
    }

    private static Path answers(String stem) {
        return Corpus.root().resolve("oracle").resolve(stem);
    }

    private static void compare(Path file, Path answers) throws IOException, TraceReadException {
        Recording recording = Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
        int compared = 0;
        for (Map.Entry<String, ReportOptions> variant : VARIANTS.entrySet()) {
            for (Reference reference : REFERENCES) {
                Path folder = answers.resolve(variant.getKey());
                Path answer = folder.resolve(reference.file + ".csv");
                if (Files.exists(answer) || Files.exists(folder.resolve(reference.file + ".csv.gz"))) {
                    ReferenceTable wanted = ReferenceTable.of(Corpus.csv(answer));
                    if (wanted.rows().isEmpty()) {
                        continue;
                    }
                    Report report = Reports.find(reference.report).orElseThrow();
                    List<String> differences = new ArrayList<>(
                            wanted.differences(report.run(recording, variant.getValue()), reference.keys));
                    assertThat(differences).as("%s %s", variant.getKey(), reference.report).isEmpty();
                    compared++;
                }
            }
        }
        assertThat(compared).as("reports compared").isPositive();
    }
}
