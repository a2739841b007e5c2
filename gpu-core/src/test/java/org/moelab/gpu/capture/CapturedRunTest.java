package org.moelab.gpu.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.capture.ActivityRecord.Call;
import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.gpu.capture.ActivityRecord.DeviceWork;
import org.moelab.gpu.capture.ActivityRecord.External;
import org.moelab.gpu.capture.ActivityRecord.Kernel;
import org.moelab.gpu.capture.ActivityRecord.Place;
import org.moelab.gpu.capture.CapturedRun.DeviceTime;
import org.moelab.gpu.capture.CapturedRun.OperationTime;
import org.moelab.gpu.engine.Operation;
import org.moelab.traces.model.LaunchConfig;

class CapturedRunTest {
    static final Operation QKV = Fixture.operation("layer 3/attention/qkv", "dense matmul");
    static final Operation LOAD = Fixture.operation("layer 3/load", "copy");
    static final Operation MIX = Fixture.operation("layer 3/attention/mix", "attention");
    private static final LaunchConfig LAUNCH = new LaunchConfig(1, 1, 1, 32, 1, 1, 0, 0, 0);

    /// A token whose step launches one operation by itself, one copy, and a graph that hides a third operation.
    static CapturedRun fixture(int version) throws IOException {
        return new CapturedRun(Fixture.records(version),
                List.of(new Span(1, 0, "token", Optional.empty(), List.of(), 950, 1450),
                        new Span(2, 1, "layer 3/attention/qkv", Optional.of(QKV), List.of(), 980, 1060),
                        new Span(3, 1, "layer 3/load", Optional.of(LOAD), List.of(), 1090, 1160),
                        new Span(4, 1, "graph", Optional.empty(), List.of(MIX), 1290, 1360)),
                900, 1_700_000_000_000_000_000L, 0, 0);
    }

    @Test
    void work_launchedByItself_belongsToTheOperationOfItsCall() throws IOException {
        CapturedRun run = fixture(13);
        Attribution attribution = run.attribution();
        List<Optional<Operation>> operations = work(run).map(attribution::operation).toList();
        assertThat(operations).containsExactly(Optional.of(QKV), Optional.of(LOAD), Optional.empty(),
                Optional.of(MIX));
        assertThat(work(run).map(attribution::root).map(root -> root.map(Span::name).orElse("")))
                .containsExactly("token", "token", "", "token");
    }

    @Test
    void work_ofAGraph_belongsToItsOperationsInOrder_alsoWhereOneHasSeveralKernels() {
        Kernel third = kernel(400, 450);
        Kernel first = kernel(100, 200);
        Kernel second = kernel(210, 380); // records come in no particular order
        Attribution attribution = launch(List.of(QKV, QKV, MIX), third, first, second).attribution();
        assertThat(attribution.operation(first)).contains(QKV);
        assertThat(attribution.operation(second)).contains(QKV);
        assertThat(attribution.operation(third)).contains(MIX);
        assertThat(attribution.unmatchedGraphs()).isZero();
    }

    @Test
    void work_ofAGraphOfTwoSteps_belongsToThemInOrder() {
        List<ActivityRecord> records = List.of(kernel(400, 450), kernel(100, 200), kernel(180, 380),
                new External(2, 10));
        CapturedRun run = new CapturedRun(records, List.of(span(1, 0, "token"), span(2, 1, "decode and choice"),
                span(3, 2, "decode", QKV, MIX), span(4, 2, "choice", LOAD)), 0, 0, 0, 0);
        Attribution attribution = run.attribution();
        assertThat(attribution.unmatchedGraphs()).isZero();
        List<DeviceWork> work = work(run).toList();
        assertThat(work).extracting(w -> attribution.span(w).orElseThrow().name()).containsExactly("choice", "decode",
                "decode");
        assertThat(work).extracting(w -> attribution.operation(w).orElseThrow()).containsExactly(LOAD, QKV, MIX);
        assertThat(work).allSatisfy(w -> assertThat(attribution.root(w).orElseThrow().name()).isEqualTo("token"));
    }

    private static Span span(long id, long parent, String name, Operation... graph) {
        return new Span(id, parent, name, Optional.empty(), List.of(graph), 0, 50);
    }

    @Test
    void work_ofAGraphThatDidOtherThanWasRecorded_hasItsStepOnly() {
        Kernel first = kernel(100, 200);
        Kernel second = kernel(210, 380);
        CapturedRun run = launch(List.of(QKV, QKV, MIX), first, second);
        Attribution attribution = run.attribution();
        assertThat(attribution.unmatchedGraphs()).isEqualTo(1);
        assertThat(attribution.operation(first)).isEmpty();
        assertThat(attribution.span(second.correlation()).orElseThrow().name()).isEqualTo("decode");
        assertThat(run.operationTimes(step -> step.name().equals("token"))).isEmpty();
        assertThat(launch(List.of(QKV)).attribution().unmatchedGraphs()).as("nothing recorded").isEqualTo(1);
    }

    /// A token whose decode step is one launch of a graph with this work.
    private static CapturedRun launch(List<Operation> graph, Kernel... work) {
        List<ActivityRecord> records = new ArrayList<>(List.of(work));
        records.add(new External(2, 10));
        return new CapturedRun(records, List.of(new Span(1, 0, "token", Optional.empty(), List.of(), 0, 50),
                new Span(2, 1, "decode", Optional.empty(), graph, 10, 40)), 0, 0, 0, 0);
    }

    @Test
    void operationTimes_ofAStep_areSumsByOperation() throws IOException {
        assertThat(fixture(13).operationTimes(step -> step.name().equals("token"))).containsOnly(
                Map.entry(QKV, new OperationTime(1, 300)), Map.entry(LOAD, new OperationTime(0, 100)),
                Map.entry(MIX, new OperationTime(1, 300)));
        assertThat(fixture(13).operationTimes(step -> step.name().equals("prompt"))).isEmpty();
    }

    @Test
    void operationTimes_whereKernelsOverlap_sumToTheDevices() {
        CapturedRun run = launch(List.of(QKV, MIX, QKV, MIX), kernel(100, 200), kernel(120, 260), kernel(130, 250),
                kernel(300, 310));
        Map<Operation, OperationTime> times = run.operationTimes(step -> step.name().equals("token"));
        assertThat(times).containsOnly(Map.entry(QKV, new OperationTime(2, 100)),
                Map.entry(MIX, new OperationTime(2, 60 + 10)));
        assertThat(run.deviceTime(step -> step.name().equals("token")).busyNs()).isEqualTo(170);
    }

    @Test
    void deviceTime_whereWorkOverlaps_countsEachMomentOnce() {
        CapturedRun run = new CapturedRun(
                List.of(new External(1, 10), kernel(100, 200), kernel(150, 180), kernel(190, 250), kernel(400, 450),
                        kernel(420, 600)),
                List.of(new Span(1, 0, "token", Optional.empty(), List.of(), 0, 50)), 0, 0, 0, 0);
        DeviceTime time = run.deviceTime(step -> step.name().equals("token"));
        assertThat(time).isEqualTo(new DeviceTime(5, 500, 350, 150));
        assertThat(time.idleNs()).isEqualTo(150);
        assertThat(run.deviceTime(step -> step.name().equals("prompt"))).isEqualTo(new DeviceTime(0, 0, 0, 0));
    }

    @Test
    void calls_ofOneCorrelation_areTheRuntimesOnly() {
        Call outer = new Call(Api.RUNTIME, 10, 40, "cudaLaunchKernel", 1, 5, 0);
        Call inner = new Call(Api.DRIVER, 20, 30, "cuLaunchKernel", 1, 5, 0);
        Call other = new Call(Api.DRIVER, 50, 60, "cuLaunchKernel", 1, 6, 0);
        External mark = new External(1, 5);
        assertThat(CapturedRun.withOneCallEach(List.of(inner, mark, outer, other))).containsExactly(mark, outer, other);
    }

    private static Kernel kernel(long startNs, long endNs) {
        return new Kernel(startNs, endNs, new Place(0, 1, 7), 10, 0, "k", LAUNCH);
    }

    private static java.util.stream.Stream<DeviceWork> work(CapturedRun run) {
        return run.records().stream().filter(DeviceWork.class::isInstance).map(DeviceWork.class::cast);
    }
}
