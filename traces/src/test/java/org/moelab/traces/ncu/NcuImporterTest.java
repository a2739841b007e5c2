package org.moelab.traces.ncu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.moelab.traces.ncu.ReportFixture.instance;
import static org.moelab.traces.ncu.ReportFixture.metric;
import static org.moelab.traces.ncu.ReportFixture.real;
import static org.moelab.traces.ncu.ReportFixture.table;
import static org.moelab.traces.ncu.ReportFixture.text;
import static org.moelab.traces.ncu.ReportFixture.whole;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.AnalysisSection.LabelledMetric;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.Warning;
import org.moelab.traces.ncu.proto.BarChart;
import org.moelab.traces.ncu.proto.BlockHeader;
import org.moelab.traces.ncu.proto.BodyItem;
import org.moelab.traces.ncu.proto.Device;
import org.moelab.traces.ncu.proto.EstimatedSpeedup;
import org.moelab.traces.ncu.proto.Extent;
import org.moelab.traces.ncu.proto.FocusMetric;
import org.moelab.traces.ncu.proto.GraphResult;
import org.moelab.traces.ncu.proto.Metric;
import org.moelab.traces.ncu.proto.MetricOption;
import org.moelab.traces.ncu.proto.Process;
import org.moelab.traces.ncu.proto.ProfileResult;
import org.moelab.traces.ncu.proto.RangeResult;
import org.moelab.traces.ncu.proto.Rule;
import org.moelab.traces.ncu.proto.RuleBody;
import org.moelab.traces.ncu.proto.RuleItem;
import org.moelab.traces.ncu.proto.RuleMessage;
import org.moelab.traces.ncu.proto.Section;
import org.moelab.traces.ncu.proto.SectionBody;
import org.moelab.traces.ncu.proto.SectionHeader;
import org.moelab.traces.ncu.proto.SessionDetails;
import org.moelab.traces.ncu.proto.Source;
import org.moelab.traces.ncu.proto.SourceFile;
import org.moelab.traces.ncu.proto.SourceFiles;
import org.moelab.traces.ncu.proto.SourceReference;
import org.moelab.traces.ncu.proto.Symbol;
import org.moelab.traces.ncu.proto.Symbols;
import org.moelab.traces.ncu.proto.ToolVersion;
import org.moelab.traces.ncu.proto.Value;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportTable.Cell;

import com.github.luben.zstd.Zstd;

/// Reports written by the test itself, whole and damaged.
class NcuImporterTest {
    private static final int DURATION = 0;
    private static final int INSTRUCTIONS = 1;
    private static final int CACHE = 2;
    private static final int DEVICE = 3;
    private static final int LATER = 4;

    @TempDir
    private Path folder = Path.of("");

    private KernelReport read(byte[] content) throws TraceReadException {
        return read(content, ImportOptions.DEFAULT);
    }

    private KernelReport read(byte[] content, ImportOptions options) throws TraceReadException {
        Path file = folder.resolve("report");
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return (KernelReport) Recordings.open(file, options, ImportMonitor.NONE);
    }

    private TraceReadException refused(byte[] content) {
        return Optional.ofNullable(catchThrowableOfType(TraceReadException.class, () -> read(content))).orElseThrow();
    }

    private static ProfileResult.Builder kernel(String function, int stream) {
        return ProfileResult.newBuilder().setThreadId(42).setMangledName("_Z" + function).setFunctionName(function)
                .setDemangledName(function + "(float *)").setGrid(Extent.newBuilder().setX(8).setY(2).setZ(1))
                .setBlock(Extent.newBuilder().setX(256).setY(1).setZ(1)).setContext(1).setStream(stream)
                .setSource(SourceReference.newBuilder().setSourceId(7))
                .addMetrics(metric(DURATION, real(1500 + stream)))
                .addMetrics(Metric.newBuilder().setNameId(INSTRUCTIONS).setValue(whole(30))
                        .addInstances(instance(whole(0x1000), whole(10)))
                        .addInstances(instance(whole(0x1010), whole(20))))
                .addMetrics(metric(CACHE, text("PreferNone"))).addMetrics(metric(DEVICE, real(1)))
                .addMetrics(metric(LATER, Value.getDefaultInstance()));
    }

    private static Section section() {
        return Section.newBuilder().setIdentifier("Speed").setName("Speed Of Light").setOrder(10)
                .setDescription("how fast")
                .setHeader(SectionHeader.newBuilder()
                        .addMetrics(MetricOption.newBuilder().setName(KernelReport.DURATION).setLabel("Duration")))
                .addBodies(SectionBody.newBuilder().setName("Charts")
                        .addItems(BodyItem.newBuilder().setBarChart(BarChart.newBuilder().setTitle("Pipes")
                                .addMetrics(MetricOption.newBuilder().setName("inst_executed").setLabel("All")))))
                .build();
    }

    private static Rule rule() {
        return Rule.newBuilder().setIdentifier("Stall").setName("Warp Stall").setSection("Speed")
                .setBody(RuleBody.newBuilder().addItems(RuleItem.newBuilder()
                        .setMessage(RuleMessage.newBuilder().setText("waits").setType(4).setTitle("Long waits"))
                        .addFocusMetrics(FocusMetric.newBuilder().setMetric("m").setValue(0.5).setSeverity(2)
                                .setInfo("lower it"))
                        .setSpeedup(EstimatedSpeedup.newBuilder().setScope(2).setPercent(12.5))))
                .build();
    }

    /// Three kernels over three blocks; a name that the first uses comes with the last.
    private static byte[] report() {
        Source source = Source.newBuilder().setId(7).setComputeCapability(9 << 16)
                .setSymbols(Symbols.newBuilder().addFunctions(Symbol.newBuilder().setName("_Zcopy").setAddress(0x1000)))
                .setFiles(SourceFiles.newBuilder()
                        .addFiles(SourceFile.newBuilder().setPath("copy.cu").setContent("// copies\n")))
                .build();
        Process process = Process.newBuilder().setPid(77).setHost("127.0.0.1").setName("/bin/app").build();
        return new ReportFixture()
                .session(SessionDetails.newBuilder().setCreationTimeS(1_700_000_000)
                        .addDevices(Device.newBuilder().setId(1).setName("GPU One")).build())
                .block(BlockHeader.newBuilder().setProcess(process), List.of(source), List.of())
                .block(BlockHeader.newBuilder().setProcess(process)
                        .setStringTable(table(KernelReport.DURATION, "inst_executed", "launch__func_cache_config",
                                "launch__device_id")),
                        List.of(),
                        List.of(kernel("copy", 7).addSections(section().toByteString()).addRules(rule()).build(),
                                kernel("scale", 8).addSections(section().toByteString()).build()))
                .session(SessionDetails.newBuilder().addVersions(ToolVersion.newBuilder()
                        .setProvider("Nsight Compute Target").setVersion("2025.9.9.0 (build 1) (public-release)"))
                        .build())
                .block(BlockHeader.newBuilder().setProcess(process).setStringTable(table("later__name")), List.of(),
                        List.of(kernel("copy", 9).build()))
                .bytes();
    }

    @Test
    void report_overSeveralBlocks_isReadWhole() throws Exception {
        KernelReport report = read(report());
        assertThat(report.warnings()).isEmpty();
        assertThat(report.info().version()).isEqualTo("2025.9.9.0");
        assertThat(report.info().schema()).isEqualTo("7");
        assertThat(report.info().epochNs()).hasValue(1_700_000_000_000_000_000L);
        assertThat(report.info().devices().getFirst().name()).isEqualTo("GPU One");
        assertThat(report.kernels()).extracting(k -> k.name().function()).containsExactly("copy", "scale", "copy");
        ProfiledKernel kernel = report.kernels().getFirst();
        assertThat(kernel.name().display()).isEqualTo("copy(float *)");
        assertThat(kernel.launch().grid()).hasToString("8x2x1");
        assertThat(kernel.launch().block().count()).isEqualTo(256);
        assertThat(kernel.launch().device()).hasValue(1);
        assertThat(kernel.launch().process().pid()).isEqualTo(77);
        assertThat(kernel.launch().thread()).isEqualTo(42);
        assertThat(report.durationNs(kernel)).isEqualTo(1507);
        assertThat(report.module(kernel).orElseThrow().architecture()).isEqualTo("sm_90");
        assertThat(report.module(kernel).orElseThrow().files().getFirst().content()).isEqualTo("// copies\n");
        assertThat(report.entryAddress(kernel)).hasValue(0x1000);
    }

    @Test
    void metrics_ofEachType_keepValueNameAndInstances() throws Exception {
        MetricTable metrics = read(report()).metrics();
        assertThat(metrics.size()).isEqualTo(15);
        int instructions = metrics.find(0, "inst_executed");
        assertThat(metrics.type(instructions)).isEqualTo(MetricTable.Type.UINT64);
        assertThat(metrics.instanceCount(instructions)).isEqualTo(2);
        assertThat(metrics.correlation(metrics.instanceBegin(instructions) + 1)).isEqualTo(0x1010);
        assertThat(metrics.instanceNumber(metrics.instanceBegin(instructions) + 1)).isEqualTo(20);
        assertThat(metrics.text(metrics.find(1, "launch__func_cache_config"))).isEqualTo("PreferNone");
        assertThat(metrics.type(metrics.find(0, "later__name"))).isEqualTo(MetricTable.Type.NONE);
        assertThat(metrics.value(0, "later__name")).isNaN();
        assertThat(metrics.find(0, "no__such")).isEqualTo(-1);
        assertThat(metrics.value(2, KernelReport.DURATION)).isEqualTo(1509);
    }

    @Test
    void unsignedValues_beyondSigned_keepTheirDigits() throws Exception {
        byte[] file = new ReportFixture().strings("big", "small", "half")
                .block(BlockHeader.newBuilder(), List.of(),
                        List.of(ProfileResult.newBuilder().setFunctionName("k").addMetrics(metric(0, whole(-1)))
                                .addMetrics(metric(1, Value.newBuilder().setUint32(-1).build()))
                                .addMetrics(metric(2, Value.newBuilder().setFloat32(0.1f).build())).build()))
                .bytes();
        MetricTable metrics = read(file).metrics();
        assertThat(metrics.text(0)).isEqualTo("18446744073709551615");
        assertThat(metrics.number(0)).isEqualTo(0x1p64);
        assertThat(metrics.number(1)).isEqualTo(4294967295.0);
        assertThat(metrics.number(2)).isEqualTo((double) 0.1f);
    }

    @Test
    void sectionsAndRules_ofKernel_keepTheirParts() throws Exception {
        ProfiledKernel kernel = read(report()).kernels().getFirst();
        assertThat(kernel.sections()).containsExactly(new AnalysisSection("Speed", "Speed Of Light", 10, "how fast",
                List.of(new LabelledMetric(KernelReport.DURATION, "Duration")),
                List.of(new AnalysisSection.BarChart("Pipes", "",
                        List.of(new LabelledMetric("inst_executed", "All"))))));
        assertThat(kernel.rules()).containsExactly(new RuleResult("Stall", "Warp Stall", "Speed",
                List.of(new RuleResult.Message(RuleResult.Type.OPTIMIZATION, "Long waits", "waits",
                        List.of(new RuleResult.FocusMetric("m", 0.5, RuleResult.Severity.HIGH, "lower it")),
                        Optional.of(new RuleResult.Speedup(RuleResult.Scope.GLOBAL, 12.5)))),
                List.of()));
    }

    @Test
    void reports_ofKernelReport_holdEveryKernelMetricAndFinding() throws Exception {
        KernelReport report = read(report());
        List<Report> reports = new NcuReports().reports();
        assertThat(reports).extracting(Report::name).containsExactly("ncu_kernels", "ncu_metrics", "ncu_rules");
        assertThat(reports).extracting(r -> r.run(report, ReportOptions.DEFAULT).rows().size()).containsExactly(3, 15,
                1);
        assertThat(reports.getLast().run(report, ReportOptions.DEFAULT).rows().getFirst()).containsExactly(Cell.of(0),
                Cell.of("copy(float *)"), Cell.of("Speed"), Cell.of("Stall"), Cell.of("Warp Stall"), Cell.of("OPT"),
                Cell.of("Long waits"), Cell.of("waits"), Cell.of("global"), Cell.of(12.5));
    }

    @Test
    void packedReports_gzipAndZstd_readAlike() throws Exception {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(report());
        }
        KernelReport plain = read(report());
        assertThat(read(gzip.toByteArray()).kernels()).isEqualTo(plain.kernels());
        assertThat(read(Zstd.compress(report())).kernels()).isEqualTo(plain.kernels());
    }

    @Test
    void packedReport_cutOff_keepsItsFirstKernels() throws Exception {
        ProfileResult.Builder large = kernel("large", 1);
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            large.addMetrics(metric(5 + i, real(random.nextDouble())));
        }
        byte[] file = new ReportFixture().strings(KernelReport.DURATION, "a", "b", "c", "d")
                .block(BlockHeader.newBuilder(), List.of(), List.of(kernel("first", 1).build(), large.build())).bytes();
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(file);
        }
        KernelReport cut = read(Arrays.copyOf(gzip.toByteArray(), gzip.size() / 2));
        assertThat(cut.kernels().getFirst().name().function()).isEqualTo("first");
        assertThat(cut.warnings()).extracting(Warning::code).contains("truncated");
    }

    @Test
    void unpackedSize_beyondLimit_isRefused() {
        assertThatThrownBy(() -> read(Zstd.compress(report()), new ImportOptions(100)))
                .isInstanceOf(TraceReadException.class).hasMessageContaining("unpacks to more than 100 bytes");
    }

    @Test
    void truncatedReport_atEveryTwentieth_givesWhatComesBeforeOrSaysWhere() throws Exception {
        byte[] whole = report();
        KernelReport all = read(whole);
        List<Integer> kept = new ArrayList<>();
        for (int i = 1; i < 20; i++) {
            byte[] cut = Arrays.copyOf(whole, whole.length * i / 20);
            try {
                KernelReport report = read(cut);
                kept.add(report.kernels().size());
                assertThat(report.warnings()).extracting(Warning::code).contains("truncated");
                assertThat(report.warnings()).extracting(Warning::message)
                        .anySatisfy(m -> assertThat(m).contains("byte " + cut.length));
                for (ProfiledKernel kernel : report.kernels()) {
                    assertThat(kernel.name()).isEqualTo(all.kernels().get(kernel.index()).name());
                    assertThat(kernel.complete() || kernel.index() == report.kernels().size() - 1).isTrue();
                }
            } catch (TraceReadException e) {
                assertThat(kept).isEmpty();
                assertThat(e).hasMessageContaining("byte " + cut.length);
            }
        }
        assertThat(kept).isSorted().contains(1, 3);
    }

    @Test
    void truncatedKernel_withWholeMetrics_keepsThemAndSaysSo() throws Exception {
        byte[] file = new ReportFixture().strings(KernelReport.DURATION, "inst_executed", "c", "d")
                .block(BlockHeader.newBuilder(), List.of(), List.of(kernel("only", 5).build())).bytes();
        KernelReport report = read(Arrays.copyOf(file, file.length - 3));
        assertThat(report.kernels()).hasSize(1);
        assertThat(report.kernels().getFirst().complete()).isFalse();
        assertThat(report.durationNs(report.kernels().getFirst())).isEqualTo(1505);
        assertThat(report.warnings().getFirst().message())
                .startsWith("the file ends at byte " + (file.length - 3) + " within kernel 0");
    }

    @Test
    void length_ofTwoGigabytes_isRefusedWithoutTakingMemory() {
        assertThat(refused(new ReportFixture().length(Integer.MAX_VALUE).bytes()))
                .hasMessageContaining("a length of 2147483647 bytes at byte 10");
        assertThat(refused(new ReportFixture().length(200_000_000).raw((byte) 1).bytes()))
                .hasMessageContaining("within a block header of 200000000 bytes");
        byte[] entry = new ReportFixture()
                .part(BlockHeader.newBuilder().setNumResults(1).setPayloadSize(-1).build().toByteArray())
                .length(0x7FFFFFF0).bytes();
        assertThat(refused(entry)).hasMessageContaining("a length of 2147483632 bytes");
    }

    @Test
    void fileHeader_withoutBlocks_givesNoKernels() throws Exception {
        KernelReport report = read(new ReportFixture().bytes());
        assertThat(report.kernels()).isEmpty();
        assertThat(report.warnings()).extracting(Warning::code).containsExactly("no-kernels");
    }

    @Test
    void magic_alone_isRefused() {
        assertThat(refused(ReportReader.MAGIC)).hasMessageContaining("the file ends at byte 4");
    }

    @Test
    void magic_thatIsAnother_isNotARecording() {
        byte[] file = report();
        file[0] = 'X';
        assertThat(refused(file)).hasMessageContaining("not a recording that MoE Lab knows");
    }

    @Test
    void randomBytes_afterMagic_areRefusedOrReadEmpty() throws Exception {
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] file = new byte[4 + random.nextInt(2000)];
            random.nextBytes(file);
            System.arraycopy(ReportReader.MAGIC, 0, file, 0, 4);
            try {
                assertThat(read(file).kernels()).isEmpty();
            } catch (TraceReadException e) {
                assertThat(e).hasMessageContaining("byte");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(290);
    }

    @Test
    void damagedReport_anyByte_isRefusedOrReadWithinBounds() throws Exception {
        byte[] whole = report();
        Random random = new Random(6);
        int read = 0;
        for (int i = 0; i < 400; i++) {
            byte[] file = whole.clone();
            for (int n = 0; n < 1 + i % 3; n++) {
                file[4 + random.nextInt(file.length - 4)] = (byte) random.nextInt();
            }
            try {
                KernelReport report = read(file);
                assertThat(report.kernels()).hasSizeLessThanOrEqualTo(3);
                assertThat(report.metrics().kernels()).isEqualTo(report.kernels().size());
                new NcuReports().reports().forEach(r -> r.run(report, ReportOptions.DEFAULT));
                read++;
            } catch (TraceReadException e) {
                assertThat(e).hasMessageContaining("byte");
            }
        }
        assertThat(read).isGreaterThan(100);
    }

    @Test
    void stringIndex_outOfRange_keepsTheValueUnderItsNumber() throws Exception {
        byte[] file = new ReportFixture().strings("known").block(BlockHeader.newBuilder(), List.of(),
                List.of(ProfileResult.newBuilder().setFunctionName("k").addMetrics(metric(0, real(1)))
                        .addMetrics(metric(99, real(2))).addMetrics(metric(-1, real(3))).build()))
                .bytes();
        KernelReport report = read(file);
        assertThat(report.metrics().value(0, "#99")).isEqualTo(2);
        assertThat(report.metrics().value(0, "#4294967295")).isEqualTo(3);
        assertThat(report.warnings()).containsExactly(new Warning("unknown-metric-name", 2,
                "2 metric names are missing in the file; their numbers stand for them"));
    }

    @Test
    void repeatedMetric_ofSameValue_countsOnce() throws Exception {
        ProfileResult.Builder kernel = ProfileResult.newBuilder().setFunctionName("k").addMetrics(metric(0, real(1)))
                .addMetrics(metric(0, real(1)));
        byte[] same = new ReportFixture().strings("a")
                .block(BlockHeader.newBuilder(), List.of(), List.of(kernel.build())).bytes();
        assertThat(read(same).metrics().size()).isEqualTo(1);
        assertThat(read(same).warnings()).isEmpty();
        byte[] differing = new ReportFixture().strings("a")
                .block(BlockHeader.newBuilder(), List.of(), List.of(kernel.addMetrics(metric(0, real(2))).build()))
                .bytes();
        assertThat(read(differing).metrics().value(0, "a")).isEqualTo(1);
        assertThat(read(differing).warnings()).extracting(Warning::code).containsExactly("repeated-metric");
    }

    @Test
    void notANumber_afterFailedLaunch_isReadWithWarning() throws Exception {
        byte[] file = new ReportFixture().strings(KernelReport.DURATION).block(BlockHeader.newBuilder(), List.of(),
                List.of(ProfileResult.newBuilder().setFunctionName("k").addMetrics(metric(0, real(Double.NaN)))
                        .build()))
                .bytes();
        KernelReport report = read(file);
        assertThat(report.durationNs(report.kernels().getFirst())).isNaN();
        assertThat(report.warnings()).extracting(Warning::code).containsExactly("nan-metric");
    }

    @Test
    void environment_inSession_showsUpNowhere() throws Exception {
        KernelReport report = read(report());
        assertThat(new String(report(), StandardCharsets.ISO_8859_1)).contains(ReportFixture.SECRET);
        assertThat(report.toString()).doesNotContain("TOKEN");
        for (Report table : new NcuReports().reports()) {
            assertThat(table.run(report, ReportOptions.DEFAULT).toString()).doesNotContain("TOKEN");
        }
    }

    @Test
    void entries_fewerThanAnnounced_giveAWarning() throws Exception {
        byte[] result = kernel("k", 1).build().toByteArray();
        byte[] file = new ReportFixture()
                .part(BlockHeader.newBuilder().setNumResults(3).setPayloadSize(result.length + 4).build().toByteArray())
                .part(result).bytes();
        assertThat(read(file).warnings()).extracting(Warning::code).contains("missing-entries");
    }

    @Test
    void rangesAndGraphs_profiledAsOne_areReadAsWorkloads() throws Exception {
        byte[] range = RangeResult.newBuilder().setThreadId(5).setContext(1).addMetrics(metric(0, real(20)))
                .addSections(section().toByteString()).addRules(rule()).build().toByteArray();
        byte[] graph = GraphResult.newBuilder().setThreadId(5).setContext(1).setStream(7)
                .addMetrics(metric(0, real(30))).addSourceIds(3).build().toByteArray();
        byte[] commandList = { 8, 1 };
        byte[] file = new ReportFixture()
                .part(BlockHeader.newBuilder().setStringTable(table(KernelReport.DURATION)).setNumRangeResults(1)
                        .setNumCommandListResults(1).setNumGraphResults(1)
                        .setPayloadSize(range.length + graph.length + commandList.length + 12).build().toByteArray())
                .part(range).part(commandList).part(graph).bytes();
        KernelReport report = read(file);
        assertThat(report.kernels()).extracting(ProfiledKernel::workload)
                .containsExactly(ProfiledKernel.Workload.RANGE, ProfiledKernel.Workload.GRAPH);
        assertThat(report.kernels()).extracting(k -> k.name().display()).containsExactly("range", "graph");
        assertThat(report.kernels()).extracting(k -> k.launch().stream()).containsExactly(-1L, 7L);
        assertThat(report.kernels()).extracting(report::durationNs).containsExactly(20.0, 30.0);
        assertThat(report.kernels().getFirst().rules()).hasSize(1);
        assertThat(report.kernels().getLast().module()).hasValue(3);
        assertThat(report.warnings()).extracting(Warning::code).containsExactly("command-list");
    }

    @Test
    void entries_ofUnknownKind_areSteppedOver() throws Exception {
        byte[] unknown = { 1, 2, 3 };
        byte[] file = new ReportFixture().part(BlockHeader.newBuilder().setPayloadSize(7).build().toByteArray())
                .part(unknown).strings("a")
                .block(BlockHeader.newBuilder(), List.of(),
                        List.of(ProfileResult.newBuilder().setFunctionName("k").build()))
                .bytes();
        KernelReport report = read(file);
        assertThat(report.kernels()).hasSize(1);
        assertThat(report.warnings()).extracting(Warning::code).containsExactly("unknown-entries");
    }

    @Test
    void monitor_thatCancels_stopsTheImport() throws Exception {
        Path file = Files.write(folder.resolve("report"), report());
        ImportMonitor cancelling = new ImportMonitor() {
            @Override
            public void update(double fraction, String phase) {
                // progress does not matter here
            }

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> Recordings.open(file, ImportOptions.DEFAULT, cancelling))
                .isInstanceOf(CancellationException.class);
    }
}
