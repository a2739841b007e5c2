package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunSession.Rung;
import org.moelab.gpu.bench.RunSession.Setting;
import org.moelab.gpu.capture.CapturedRun;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.RoutedSession;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;

class RunSessionTest {
    private static final RunReport BEGUN = RunReport.begun("2026-01-31T12:00:00+01:00",
            new RunReport.Asked("tiny", List.of("a", "b"), 1, 3, 2, 1, "cpu", Optional.of("none")),
            new RunReport.Machine("Linux 6", "amd64", 16, "CPU reference", Optional.empty()),
            new RunReport.Versions("0.1", "25", Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty()),
            new RunReport.Model("tiny", 2, 4, 2, 64, 64, 1024, 4, 2, 16), 0.5);
    private static final Workload WORKLOAD = new Workload(1, 3, 2, 0, 1);

    private final CpuEngine tiny = new CpuEngine(CpuWeights.of(new RandomWeights(MoeConfig.tiny(), "tiny", 20)));
    private final List<RunReport> reports = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;

    /// An engine that fails at the sessions with these numbers, from 1.
    private record FailingEngine(Engine engine, Set<Integer> failing, List<Integer> opened) implements Engine {
        @Override
        public MoeConfig config() {
            return engine.config();
        }

        @Override
        public String device() {
            return engine.device();
        }

        @Override
        public Session open(int sequences, int capacity, int longestStep) {
            opened.add(opened.size() + 1);
            if (failing.contains(opened.getLast())) {
                throw new CudaException("cuMemAlloc (kv cache)", 2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory");
            }
            return engine.open(sequences, capacity, longestStep);
        }

        @Override
        public RoutedSession openRouted(int sequences, int capacity, int longestStep) {
            opened.add(opened.size() + 1);
            if (failing.contains(opened.getLast())) {
                throw new IllegalStateException("the experts of 3 of 4 layers were recorded");
            }
            return engine.openRouted(sequences, capacity, longestStep);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private RunReport run(Set<Integer> failing) throws IOException {
        return run(failing, BEGUN);
    }

    private RunReport run(Set<Integer> failing, RunReport begun) throws IOException {
        Engine engine = new FailingEngine(tiny, failing, new ArrayList<>());
        return new RunSession(new Setting(engine, new LibraryFinder(List.of()),
                List.of(new Rung("a", Set.of()), new Rung("b", Set.of("x", "c"))), WORKLOAD, EnergyMeter.none(),
                Optional.empty(), 8), progress()).run(begun);
    }

    private RunSession.Progress progress() {
        return new RunSession.Progress() {
            @Override
            public void report(RunReport report) {
                reports.add(report);
            }

            @Override
            public void timeline(String file, CapturedRun captured) {
                told.add("timeline " + file);
            }

            @Override
            public void done(LayerResult result) {
                told.add("done " + result.layer());
            }

            @Override
            public void failed(LayerFailure failure) {
                told.add("failed " + failure.layer());
            }

            @Override
            public void counted(ExpertLoads loads) {
                told.add("loads " + loads.layer());
            }

            @Override
            public void note(String line) {
                told.add("note " + line);
            }

            @Override
            public boolean stopped() {
                return told.size() >= stopAfter;
            }
        };
    }

    @Test
    void run_afterEachLayer_reportsWhatThereIs() throws IOException {
        RunReport last = run(Set.of());
        assertThat(reports).extracting(r -> r.layers().size()).containsExactly(0, 1, 2, 2);
        assertThat(reports).extracting(RunReport::complete).containsExactly(false, false, false, true);
        assertThat(last).isEqualTo(reports.getLast());
        assertThat(last.startToFirstTokenSeconds()).hasValueSatisfying(s -> assertThat(s).isPositive());
        assertThat(last.started()).isEqualTo(BEGUN.started());
        assertThat(last.layers()).extracting(LayerResult::techniques).containsExactly(List.of(), List.of("c", "x"));
        assertThat(told).containsExactly("done a", "done b", "loads b");
    }

    @Test
    void layer_thatFails_isRecordedAndTheNextOneRuns() throws IOException {
        RunReport last = run(Set.of(2)); // the first session is that of the first token
        assertThat(last.layers()).extracting(LayerResult::layer).containsExactly("b");
        assertThat(last.failures()).containsExactly(new LayerFailure("a", List.of(),
                "cuMemAlloc (kv cache): CUDA_ERROR_OUT_OF_MEMORY (2), out of memory"));
        assertThat(last.complete()).isTrue();
        assertThat(told).containsExactly("failed a", "done b", "loads b");
    }

    @Test
    void firstToken_thatFails_isNoted() throws IOException {
        RunReport last = run(Set.of(1));
        assertThat(last.startToFirstTokenSeconds()).isEmpty();
        assertThat(last.notes()).singleElement().asString().contains("first token", "OUT_OF_MEMORY");
        assertThat(last.layers()).hasSize(2);
    }

    @Test
    void loads_thatCannotBeCounted_areNotedAndTheRunIsKept() throws IOException {
        RunReport last = run(Set.of(4)); // after the first token and two layers
        assertThat(last.complete()).isTrue();
        assertThat(last.layers()).hasSize(2);
        assertThat(last.expertLoads()).isEmpty();
        assertThat(last.notes()).containsExactly(
                "no expert loads of layer b: the experts of 3 of 4 layers were recorded");
    }

    @Test
    void loads_whereTheLastLayerFails_areOfTheOneBeforeIt() throws IOException {
        RunReport last = run(Set.of(3));
        assertThat(last.failures()).extracting(LayerFailure::layer).containsExactly("b");
        assertThat(last.expertLoads().map(ExpertLoads::layer)).contains("a");
    }

    @Test
    void run_thatIsStopped_keepsWhatItHasAndIsNotComplete() throws IOException {
        stopAfter = 1;
        RunReport stopped = run(Set.of());
        assertThat(stopped.complete()).isFalse();
        assertThat(stopped.layers()).extracting(LayerResult::layer).containsExactly("a");
        assertThat(told).containsExactly("done a");
        assertThat(reports.getLast().layers()).isEqualTo(stopped.layers());
    }

    @Test
    void run_goingOn_measuresWhatIsMissingAndKeepsTheRest() throws IOException {
        RunReport first = run(Set.of(2)); // layer a fails
        told.clear();
        RunReport second = run(Set.of(), first);
        assertThat(told).containsExactly("done a");
        assertThat(second.layers()).extracting(LayerResult::layer).containsExactly("a", "b");
        assertThat(second.layers().getLast()).isEqualTo(first.layers().getFirst());
        assertThat(second.failures()).isEmpty();
        assertThat(second.complete()).isTrue();
        assertThat(second.startToFirstTokenSeconds()).isEqualTo(first.startToFirstTokenSeconds());
        assertThat(second.expertLoads()).isEqualTo(first.expertLoads());
    }

    @Test
    void run_goingOnBehindTheLastLayer_runsNothingButTheLoads() throws IOException {
        RunReport first = run(Set.of(4)); // the loads fail
        told.clear();
        RunReport second = run(Set.of(), first);
        assertThat(told).containsExactly("loads b");
        assertThat(second.layers()).isEqualTo(first.layers());
    }

    @Test
    void workload_thatDoesNotFit_isRefusedBeforeAnythingRuns() {
        Workload tooLong = new Workload(1, tiny.config().contextLength(), 1, 0, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> new RunSession(new Setting(tiny,
                new LibraryFinder(List.of()), List.of(new Rung("a", Set.of())), tooLong, EnergyMeter.none(),
                Optional.empty(), 8), progress())).withMessageContaining("do not fit");
        assertThat(told).isEmpty();
    }
}
