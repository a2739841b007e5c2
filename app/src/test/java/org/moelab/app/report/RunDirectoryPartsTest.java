package org.moelab.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.moelab.app.report.Said.cell;
import static org.moelab.app.report.Said.number;
import static org.moelab.app.report.Said.table;
import static org.moelab.app.report.Said.tables;
import static org.moelab.app.report.Said.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.expectation.Check;
import org.moelab.app.expectation.Comparison;
import org.moelab.app.expectation.Expectations;
import org.moelab.app.expectation.Expectations.LayerExpectation;
import org.moelab.app.layers.LadderFigure;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Row;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.traces.model.ImportMonitor;

/// Sections that are about what lies beside a run's figures: profiles, earlier runs, others' figures, a language model's text.
final class RunDirectoryPartsTest {
    private static final LocalDate DATE = LocalDate.of(2026, 11, 29);
    private static final Path RECORDINGS = Path.of("../traces/src/test/resources/h200");
    private static final Path PEERS = Path.of("src/test/resources/org/moelab/app/peers");

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void copyRun() throws IOException {
        Files.copy(KeptRun.WITH_LOADS.resolve("run.json"), folder.resolve("run.json"));
    }

    private Document report() throws IOException {
        return RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, false);
    }

    private void edit(String from, String to) throws IOException {
        String text = Files.readString(folder.resolve("run.json"));
        assertThat(text).contains(from);
        Files.writeString(folder.resolve("run.json"), text.replace(from, to));
    }

    private void profiles(Profile... profiles) throws IOException {
        RunFile.write(folder, StoredRun.read(folder).report().withProfiles(List.of(profiles)));
    }

    private static Profile done(String kind, String layer, String tool, String... files) {
        return new Profile(kind, layer, Optional.of(tool), Optional.of("2025.3"), List.of(tool, "profile", "FILE"),
                List.of(files), ProfileState.DONE, Optional.empty(), Optional.empty());
    }

    private static List<String> ids(Document report) {
        return report.sections().stream().map(Section::id).toList();
    }

    @Test
    void directory_withoutAnyOfIt_hasNoSuchSections() throws IOException {
        assertThat(ids(report())).doesNotContain("profiles", "peers", "language", "sweeps").contains("earlier");
    }

    @Test
    void profiles_thatFailedOrWereLeftOut_sayWhyAndTheRemedy() throws IOException {
        profiles(done("hta", "6", "lab", "hta/6/rank_0.json.gz", "hta/6/temporal_breakdown.csv"),
                new Profile("roofline", "6", Optional.of("ncu"), Optional.empty(), List.of(), List.of(),
                        ProfileState.LEFT_OUT, Optional.of("may not read counters"), Optional.of("ask root")),
                new Profile("deep_dive", "6", Optional.of("ncu"), Optional.of("2025.3"), List.of(), List.of(),
                        ProfileState.FAILED, Optional.of("ended with 9"), Optional.empty()));
        Document report = report();
        Table table = table(report, "profiles-table");
        assertThat(table.rows()).hasSize(3);
        Row hta = table.rows().getFirst();
        assertThat(cell(table, hta, "File")).isEqualTo(new Cell.Text("hta/6/rank_0.json.gz and 1 more"));
        assertThat(cell(table, hta, "State")).as("the files are not there").isEqualTo(new Cell.Text("done, 2 missing"));
        Row leftOut = table.rows().get(1);
        assertThat(cell(table, leftOut, "State")).isEqualTo(new Cell.Text("left out"));
        assertThat(cell(table, leftOut, "Why not")).isEqualTo(new Cell.Text("may not read counters"));
        assertThat(cell(table, leftOut, "Remedy")).isEqualTo(new Cell.Text("ask root"));
        assertThat(cell(table, table.rows().get(2), "Why not")).isEqualTo(new Cell.Text("ended with 9"));
        assertThat(text(report, "profiles")).contains("hta/6/temporal_breakdown.csv");
        assertThat(text(report, "summary")).contains("profile roofline left out of layer 6",
                "profile deep dive failed of layer 6");
    }

    /// The reference is what `ncu` and `nsys stats` themselves say of these files.
    @Test
    void profiles_ofNcuAndNsys_tellTheKernelsAsTheToolsDo() throws IOException {
        Files.copy(RECORDINGS.resolve("ncu/scale.ncu-rep.gz"), folder.resolve("6.ncu-rep.gz"));
        Files.copy(RECORDINGS.resolve("gptoss2L_nsys_graph.sqlite.gz"), folder.resolve("6.sqlite.gz"));
        profiles(done("nsys", "6", "nsys", "6.nsys-rep", "6.sqlite.gz"), done("ncu", "6", "ncu", "6.ncu-rep.gz"));
        Document report = report();
        Table ncu = table(report, "profile-ncu");
        Row gather = ncu.rows().getFirst();
        assertThat(ncu.rows()).hasSize(2);
        assertThat(number(ncu, gather, "Time")).isCloseTo(10.24, within(0.005));
        assertThat(number(ncu, gather, "Memory")).isBetween(72.0, 73.5);
        Table nsys = table(report, "profile-nsys");
        List<String> reference = Files.readAllLines(
                RECORDINGS.resolve("nsys_stats/graph_cuda_gpu_kern_sum.csv"));
        for (int i = 0; i < 10; i++) {
            String[] expected = reference.get(i + 1).split(",", 4);
            Row row = nsys.rows().get(i);
            assertThat(number(nsys, row, "Time")).isEqualTo(Double.parseDouble(expected[1]) / 1e3);
            assertThat(number(nsys, row, "Launches")).isEqualTo(Double.parseDouble(expected[2]));
            assertThat(number(nsys, row, "Share")).isCloseTo(Double.parseDouble(expected[0]), within(0.051));
        }
        assertThat(nsys.rows().stream().mapToDouble(r -> number(nsys, r, "Share")).sum()).isCloseTo(100, within(1e-9));
    }

    /// A directory as `analyze --profile all` leaves it, of recordings of other programs.
    private List<String> profileAll() throws IOException {
        List<String> layers = List.of("baseline", "1", "2", "3", "4", "5", "6");
        List<Profile> all = new ArrayList<>();
        for (String layer : layers) {
            for (String kind : List.of("roofline", "deep_dive", "ncu")) {
                String file = layer + (kind.equals("ncu") ? "" : "." + kind) + ".ncu-rep.gz";
                Files.copy(RECORDINGS.resolve("ncu/scale.ncu-rep.gz"), folder.resolve(file));
                all.add(done(kind, layer, "ncu", file));
            }
            Files.copy(RECORDINGS.resolve("gptoss2L_nsys_graph.sqlite.gz"), folder.resolve(layer + ".sqlite.gz"));
            all.add(done("nsys", layer, "nsys", layer + ".sqlite.gz"));
            Path hta = Files.createDirectories(folder.resolve("hta").resolve(layer));
            Files.writeString(hta.resolve("rank_0.json.gz"), "a trace");
            Files.writeString(hta.resolve("temporal_breakdown.csv"), "a table");
            Files.writeString(hta.resolve("gpu_kernels.csv"), "another");
            all.add(done("hta", layer, "lab", "hta/" + layer + "/rank_0.json.gz"));
        }
        Files.createDirectories(folder.resolve("differences"));
        Files.writeString(folder.resolve("differences/baseline-1.csv"), "a,b");
        Files.writeString(folder.resolve("differences/1-2.csv"), "a,b");
        profiles(all.toArray(Profile[]::new));
        return layers;
    }

    @Test
    void profiles_ofSevenLayers_areALineEachAndTheHighestInFull() throws IOException {
        List<String> layers = profileAll();
        Document report = RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, true);
        Table overview = table(report, "profiles-overview");
        assertThat(overview.rows()).extracting(r -> r.cells().getFirst())
                .containsExactlyElementsOf(layers.stream().map(Cell.Text::new).toList());
        assertThat(overview.columns()).extracting(Column::name).containsExactly("Layer", "roofline", "deep dive", "ncu",
                "nsys", "hta");
        for (String kind : List.of("roofline", "deep-dive", "ncu", "nsys")) {
            assertThat(table(report, "profile-" + kind + "-layers").rows()).hasSize(layers.size());
            assertThat(table(report, "profile-" + kind).rows()).isNotEmpty();
        }
        Table ncu = table(report, "profile-ncu-layers");
        assertThat(number(ncu, ncu.rows().getLast(), "Time"))
                .isCloseTo(table(report, "profile-ncu").rows().stream()
                        .mapToDouble(r -> number(table(report, "profile-ncu"), r, "Time")).sum(), within(1e-9));
        Section section = report.sections().stream().filter(s -> s.id().equals("profiles")).findFirst().orElseThrow();
        assertThat(section.blocks()).filteredOn(Block.Fold.class::isInstance)
                .extracting(b -> ((Block.Fold) b).summary())
                .contains("Layer 5, roofline: its kernels", "The baseline, nsys: its kernels")
                .doesNotContain("Layer 6, roofline: its kernels");
        Path file = folder.resolve("report.html");
        RunReports.write(StoredRun.read(folder), file);
        assertThat(Files.size(file)).isLessThan(2_000_000);
    }

    @Test
    void files_ofFolders_areTogetherByKindAndEachIsNamed() throws IOException {
        profileAll();
        Document report = report();
        Table files = table(report, "files");
        Row csv = files.rows().stream().filter(r -> r.cells().getFirst().equals(new Cell.Text("hta/L/*.csv")))
                .findFirst().orElseThrow();
        assertThat(number(files, csv, "Files")).isEqualTo(14);
        assertThat(number(files, csv, "Size")).isCloseTo(7 * ("a table".length() + "another".length()) / 1e3,
                within(1e-9));
        assertThat(files.rows()).extracting(r -> r.cells().getFirst()).contains(new Cell.Text("hta/L/*.json.gz"),
                new Cell.Text("differences/*.csv"), new Cell.Text("L.deep_dive.ncu-rep.gz"), new Cell.Text("run.json"));
        assertThat(files.rows()).hasSizeLessThan(15);
        assertThat(text(report, "artefacts")).contains("differences", "baseline-1.csv", "hta/6",
                "temporal_breakdown.csv");
    }

    @Test
    void speedups_ofAWorkloadThatWasMeasuredBefore_areMarkedWithWhereFrom() throws IOException {
        Document report = RunReports.document(StoredRun.read(folder), DATE, ImportMonitor.NONE, true);
        Block.Chart ladder = report.sections().stream().flatMap(s -> s.blocks().stream())
                .filter(Block.Chart.class::isInstance).map(Block.Chart.class::cast)
                .filter(c -> c.id().equals("ladder-decode")).findFirst().orElseThrow();
        List<LayerExpectation> expected = Expectations.bundled().workloads().getFirst().layers();
        IntSummaryStatistics runs = expected.stream().mapToInt(layer -> layer.tpotMs().orElseThrow().runs())
                .summaryStatistics();
        assertThat(ladder.caption())
                .contains(
                        "brackets where " + runs.getMin() + " to " + runs.getMax() + " runs, 2026-11-24 to 2026-11-29");
        assertThat(((LadderFigure) ladder.figure()).expected()).hasSize(6)
                .allMatch(e -> e.low() > 1 && e.high() < 10 && e.low() < e.high());
    }

    @Test
    void profile_thatNamesAFileElsewhere_isNotFollowed() throws IOException {
        Path outside = Files.createTempFile("elsewhere", ".ncu-rep.gz");
        try {
            Files.write(outside, Files.readAllBytes(RECORDINGS.resolve("ncu/scale.ncu-rep.gz")));
            profiles(done("ncu", "6", "ncu", outside.toString()));
            assertThat(tables(report()).map(Table::id)).contains("profiles-table").doesNotContain("profile-ncu");
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    void profile_damaged_saysSoAndTheReportStands() throws IOException {
        Files.writeString(folder.resolve("6.ncu-rep"), "no report");
        profiles(done("ncu", "6", "ncu", "6.ncu-rep"));
        assertThat(text(report(), "profiles")).contains("6.ncu-rep cannot be read.");
    }

    @Test
    void ncuReport_thatNoRunAskedFor_isShownAsThat() throws IOException {
        Files.copy(RECORDINGS.resolve("ncu/scale.ncu-rep.gz"), folder.resolve("mine.ncu-rep.gz"));
        Document report = report();
        assertThat(text(report, "profiles")).contains("run.json tells of no profiles");
        assertThat(table(report, "profile-file-1").rows()).hasSize(2);
    }

    @Test
    void earlierRuns_wholes_areThoseOfTheCheck() throws IOException {
        List<Comparison> wholes = Check.of(StoredRun.read(folder).report(), Expectations.bundled()).comparisons()
                .stream().filter(Comparison::isWhole).toList();
        Table table = table(report(), "earlier-layers");
        assertThat(table.rows()).hasSameSizeAs(wholes).isNotEmpty();
        for (int i = 0; i < wholes.size(); i++) {
            Row row = table.rows().get(i);
            assertThat(number(table, row, "Expected")).isEqualTo(wholes.get(i).expectedMs());
            assertThat(number(table, row, "This run")).isEqualTo(wholes.get(i).measuredMs());
            assertThat(number(table, row, "Widths")).isEqualTo(wholes.get(i).widths());
            assertThat(cell(table, row, "Verdict")).isEqualTo(new Cell.Text(wholes.get(i).verdict().label()));
        }
    }

    @Test
    void earlierRuns_ofASlowerRun_nameTheRegression() throws IOException {
        double tpot = StoredRun.read(folder).top().tpotMs().orElseThrow().p50();
        String written = "\"p50\" : " + tpot;
        edit(written, "\"p50\" : " + tpot * 10);
        Document report = report();
        assertThat(text(report, "earlier")).contains("Layer 6, decode, TPOT regressed: ");
        assertThat(text(report, "summary")).contains("slower than earlier runs beyond noise: TPOT of layer 6 by ");
    }

    @Test
    void earlierRuns_ofAnotherGpu_areSaidToBeNone() throws IOException {
        edit("NVIDIA H200", "NVIDIA B200");
        Document report = report();
        assertThat(text(report, "earlier")).contains("Not held against earlier runs: nothing to compare",
                "NVIDIA B200");
        assertThat(tables(report).map(Table::id)).doesNotContain("earlier-layers");
        assertThat(text(report, "summary")).doesNotContain("slower than earlier runs");
    }

    @Test
    void targets_onTheirGpuOnly_haveARatio() throws IOException {
        Table other = table(report(), "targets-table");
        assertThat(other.rows()).isNotEmpty()
                .allSatisfy(r -> assertThat(cell(other, r, "Ratio")).isEqualTo(Cell.NONE));
        edit("NVIDIA H200", "NVIDIA B200");
        Document report = report();
        Table same = table(report, "targets-table");
        double rate = StoredRun.read(folder).top().decodeTokensPerSecond().orElseThrow();
        assertThat(number(same, same.rows().getFirst(), "This run")).isEqualTo(rate);
        assertThat(number(same, same.rows().getFirst(), "Ratio")).isEqualTo(rate / 2000);
        assertThat(report.sections()).anySatisfy(
                s -> assertThat(s.title()).isEqualTo("Published by others, not measured"));
    }

    @Test
    void peers_likeWithLike_haveARatioAndOthersSayWhatDiffers() throws IOException {
        Path peers = Files.createDirectory(folder.resolve("peers"));
        Files.copy(PEERS.resolve("llama-bench.jsonl"), peers.resolve("llama-bench.jsonl"));
        Files.copy(PEERS.resolve("vllm-serve.json"), peers.resolve("vllm-serve.json"));
        Files.writeString(peers.resolve("junk.txt"), "junk");
        Document report = report();
        Table alike = table(report, "peers-beside");
        assertThat(alike.rows()).isNotEmpty().allSatisfy(r -> {
            boolean rate = cell(alike, r, "Unit").equals(new Cell.Text("tok/s"));
            double quotient = number(alike, r, "Ours") / number(alike, r, "Theirs");
            assertThat(number(alike, r, "Ratio")).isCloseTo(rate ? quotient : 1 / quotient, within(1e-9));
        });
        Table unlike = table(report, "peers-unlike");
        assertThat(unlike.columns()).noneMatch(c -> c.name().equals("Ratio"));
        assertThat(unlike.rows()).isNotEmpty()
                .allSatisfy(r -> assertThat(((Cell.Text) cell(unlike, r, "Differs")).value()).isNotBlank());
        assertThat(text(report, "peers")).contains("Not read: peers/junk.txt").doesNotContain(folder.toString());
    }

    @Test
    void languageModelsText_isMarkedWhateverTheFileSays() throws IOException {
        Files.writeString(folder.resolve("llm-analysis.md"), "# Mine\n\nTry **graphs**.\n");
        assertThat(text(report(), "language")).contains("Written by a language model, not measured", "Try graphs.");
        Files.writeString(folder.resolve("llm-analysis.md"),
                """
                        > Written by a language model, not measured (m at localhost).

                        - Try `a`
                        - and b

                        ---

                        What it was sent:

                            Findings, 1 of 1:
                        """);
        Document report = report();
        assertThat(text(report, "language")).contains("(m at localhost).", "• Try a\n• and b\n",
                "Findings, 1 of 1:").doesNotContain("---");
        assertThat(table(report, "files").rows()).anySatisfy(
                r -> assertThat(r.cells().getFirst()).isEqualTo(new Cell.Text("llm-analysis.md")));
    }

    @Test
    void markdown_keepsCodeAndTablesAsTheyAre() {
        assertThat(Markdown
                .blocks("## A *b* ##\ntext 2 * 3 * 4\ngoes on\n1. one\n   more\n\n| a |\n|---|\n```\n# c\n```\n***\n"))
                .containsExactly(new Block.Heading("A b"), new Block.Paragraph("text 2 * 3 * 4 goes on"),
                        new Block.Paragraph("1. one more"), new Block.Code("| a |\n|---|"), new Block.Code("# c"));
    }
}
