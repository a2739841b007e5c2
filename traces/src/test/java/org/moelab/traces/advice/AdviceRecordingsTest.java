package org.moelab.traces.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.moelab.traces.model.Trace;

/// The rules on real recordings: our own, and those of the corpus where it is found.
class AdviceRecordingsTest {
    private static Recording open(Path file) throws TraceReadException {
        return Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static Recording own(String name) throws TraceReadException {
        return open(Path.of("src/test/resources/h200").resolve(name));
    }

    /// What holds of any recording.
    private static void check(Recording recording) {
        for (Finding finding : Advice.of(recording)) {
            assertThat(finding.title()).as(finding.rule()).isNotBlank();
            if (finding.severity() == Severity.NOTE) {
                assertThat(finding.timeNs()).as(finding.rule()).isNaN();
            } else {
                assertThat(finding.timeNs()).as(finding.rule()).isPositive();
                assertThat(finding.boundNs().orElse(0)).as("bound of " + finding.rule())
                        .isBetween(0.0, finding.timeNs());
                assertThat(finding.evidence()).as(finding.rule()).isNotEmpty()
                        .allMatch(e -> Double.isFinite(e.value()));
                assertThat(finding.occurrences()).as(finding.rule()).isNotEmpty();
            }
        }
        if (recording instanceof Trace trace && !new Observed(trace).devices().isEmpty()) {
            Observed timeline = new Observed(trace);
            long idle = timeline.gaps().stream().mapToLong(Gap::lengthNs).sum();
            assertThat(timeline.gaps()).allMatch(g -> g.freeNs() >= 0 && g.freeNs() <= g.lengthNs());
            assertThat(idle).isLessThanOrEqualTo((long) timeline.extentNs());
        }
    }

    @Test
    void ownReport_kernelsThatARuleNamesSeveralTimes_countOnce() throws TraceReadException {
        Recording recording = open(Path.of("../docs/runs/h200-gpt-oss-20b/prefill.ncu-rep.gz"));

        check(recording);
        assertThat(Advice.of(recording)).extracting(Finding::rule).contains("ncu-WorkloadImbalance", "low-occupancy");
        assertThat(Advice.of(recording)).filteredOn(f -> f.severity() != Severity.NOTE)
                .allSatisfy(f -> assertThat(f.occurrences()).as(f.rule()).hasSizeLessThanOrEqualTo(5))
                .allSatisfy(f -> assertThat(f.share()).as(f.rule()).isLessThanOrEqualTo(1 + 1e-9));
    }

    @Test
    void own_eagerLoopOfPyTorch_waitsForTheHostAndHasTinyKernels() throws TraceReadException {
        Recording recording = own("gptoss2L_pytorch.json.gz");

        check(recording);
        assertThat(Advice.of(recording)).extracting(Finding::rule).contains("late-launches", "launches-without-graphs",
                "tiny-kernels");
    }

    @Test
    void own_captureWithWholeGraphs_saysThatTheirKernelsAreNotThere() throws TraceReadException {
        Recording whole = own("gptoss2L_nsys_graph.sqlite.gz");
        Recording nodes = own("gptoss2L_nsys_node.sqlite.gz");

        check(whole);
        check(nodes);
        assertThat(Advice.of(whole)).extracting(Finding::rule).contains("graphs-unresolved");
        assertThat(Advice.of(nodes)).extracting(Finding::rule).doesNotContain("graphs-unresolved");
    }

    @Test
    void own_profiledKernels_haveFindings() throws TraceReadException {
        for (String name : List.of("ncu/scale.ncu-rep.gz", "ncu/scale_details.csv.gz",
                "ncu/together_graph.ncu-rep.gz")) {
            check(own(name));
        }
        assertThat(Advice.of(own("ncu/scale.ncu-rep.gz"))).extracting(Finding::rule).isNotEmpty();
    }

    @TestFactory
    Stream<DynamicTest> corpus_eachRecording_isJudgedWithoutFailing() {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("nsys", "kineto", "ncu", "h200")) {
            for (String ending : List.of(".sqlite", ".json", ".ncu-rep", ".csv")) {
                files.addAll(Corpus.files(folder, ending));
            }
        }
        return files.stream().distinct().map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> {
            Recording recording;
            try {
                recording = open(f);
            } catch (TraceReadException _) {
                return; // what cannot be read is another test's
            }
            check(recording);
        }));
    }
}
