package org.moelab.traces.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;

/// Comparisons of real recordings: our own, and those of the corpus where it is found.
class ComparisonRecordingsTest {
    private static final Path H200 = Path.of("src/test/resources/h200");

    private static Recording open(Path file) throws TraceReadException {
        return Recordings.openAll(List.of(file), ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static long deviceTimeNs(Recording recording) {
        return switch (recording) {
            case Trace trace -> KernelTimes.of(trace).totalNs();
            case KernelReport report -> KernelTimes.of(report).totalNs();
        };
    }

    private static Comparison check(Recording a, Recording b, Grouping by) {
        Comparison comparison = Comparison.of(a, b, by);
        assertThat(comparison.deltaNs()).isEqualTo(deviceTimeNs(b) - deviceTimeNs(a));
        assertThat(comparison.rows().stream().mapToLong(Row::deltaNs).sum()).isEqualTo(comparison.deltaNs());
        return comparison;
    }

    @Test
    void of_oursOfTwoTools_matchesKernelsByNameAndSumsExactly() throws TraceReadException {
        Recording pytorch = open(H200.resolve("gptoss2L_pytorch.json.gz"));
        Recording nsys = open(H200.resolve("gptoss2L_nsys_node.sqlite.gz"));

        for (Grouping by : Grouping.values()) {
            check(pytorch, nsys, by);
        }
        Comparison kernels = Comparison.of(pytorch, nsys, Grouping.KERNEL);
        assertThat(kernels.rows()).filteredOn(r -> r.matchedBy() == MatchedBy.NAME).hasSizeGreaterThan(5);
    }

    @Test
    void of_ourProfiledKernelsWithThemselves_differInNoMetric() throws TraceReadException {
        KernelReport report = (KernelReport) open(H200.resolve("ncu/scale.ncu-rep.gz"));

        MetricComparison metrics = MetricComparison.of(report, report);

        assertThat(check(report, report, Grouping.KERNEL).rows()).hasSize(2);
        assertThat(metrics.launches()).extracting(MetricComparison.Launch::a).containsExactly(0, 1);
        assertThat(metrics.launches()).allMatch(l -> l.a() == l.b());
        assertThat(metrics.launches()).allSatisfy(
                l -> assertThat(metrics.metrics(l)).isNotEmpty().allMatch(d -> d.delta() == 0));
    }

    @Test
    void of_ourReportAndItsCsvPage_agreeInDurations() throws TraceReadException {
        KernelReport report = (KernelReport) open(H200.resolve("ncu/scale.ncu-rep.gz"));
        KernelReport page = (KernelReport) open(H200.resolve("ncu/scale_raw.csv.gz"));

        MetricComparison metrics = MetricComparison.of(report, page);

        assertThat(metrics.launches()).hasSize(2);
        assertThat(metrics.delta(metrics.launches().getFirst(), KernelReport.DURATION).delta()).isZero();
        assertThat(metrics.delta(metrics.launches().getFirst(), KernelReport.DURATION).unit()).isEqualTo("ns");
    }

    @Test
    void of_corpusTrainingStepsOfTwoRanks_haveStepsAndSumExactly() throws TraceReadException {
        List<Path> ranks = Corpus.files("kineto/param_dlrm_8ranks_v100", "worker");
        Recording a = open(ranks.get(0));
        Recording b = open(ranks.get(1));

        for (Grouping by : Grouping.values()) {
            check(a, b, by);
        }
        Comparison kernels = Comparison.of(a, b, Grouping.KERNEL);
        assertThat(kernels.rows()).filteredOn(r -> r.change() == Change.MATCHED).isNotEmpty();
    }

    @Test
    void of_corpusNaiveAndCoalescedProduct_matchOneKernelBySomethingSurerThanNothing() throws TraceReadException {
        KernelReport naive = (KernelReport) open(
                Corpus.root().resolve("ncu/ncu_2024.1.1_gtx1660s_gemm_naive.ncu-rep"));
        KernelReport coalesced = (KernelReport) open(
                Corpus.root().resolve("ncu/ncu_2024.1.1_gtx1660s_gemm_coalesce.ncu-rep"));

        check(naive, coalesced, Grouping.KERNEL);
    }
}
