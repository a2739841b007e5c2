package org.moelab.gpu.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.capture.ActivityRecord.Kernel;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.CudaSession;
import org.moelab.gpu.engine.Operation;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

@RequiresGpu
class CaptureGpuTest {
    private static final int[][] PROMPT = { { 5, 7, 9 } };
    private static final int STEPS = 4;

    static List<Set<String>> techniques() {
        return List.of(Set.of(), Catalogue.load().upTo(Catalogue.load().layer("4").orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("techniques")
    void captures_oneAfterTheOther_nameTheOperationOfEveryKernel(Set<String> techniques)
            throws CudaUnavailableException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        Capture capture = new Capture(Cupti.open(finder));
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, finder, new RandomWeights(MoeConfig.tiny(), "tiny", 20),
                        techniques);
                CudaSession session = engine.listening(capture.listener()).open(1, 16, 16)) {
            for (int i = 0; i < 2; i++) {
                session.clear();
                CapturedRun run = captured(capture, session, i == 1);
                requireNamed(run, session.plan(1));
                // the first decode step of a session is done as it is, the others by its graph
                assertThat(run.spans().stream().filter(span -> !span.graph().isEmpty()).count())
                        .isEqualTo(techniques.contains("cuda-graphs") ? 2L * (STEPS - (i == 0 ? 1 : 0)) : 0);
            }
        }
    }

    /// @param together whether step and choice are asked for at once
    private static CapturedRun captured(Capture capture, CudaSession session, boolean together) {
        try (capture) {
            capture.start();
            session.feed(PROMPT);
            session.choose();
            for (int i = 0; i < STEPS; i++) {
                if (together) {
                    session.advance();
                } else {
                    session.feedChosen();
                    session.choose();
                }
            }
            Session.Mark end = session.mark();
            end.millisSince(end); // waits for the work
            return capture.stop();
        }
    }

    private static boolean decodes(Span step) {
        return step.name().equals(CudaSession.DECODE) || step.name().equals(CudaSession.DECODE_AND_CHOICE);
    }

    private static void requireNamed(CapturedRun run, List<Operation> decodePlan) {
        assertThat(run.dropped()).isZero();
        assertThat(run.untimed()).isZero();
        Attribution attribution = run.attribution();
        assertThat(attribution.unmatchedGraphs()).isZero();
        List<Kernel> kernels = run.records().stream().filter(Kernel.class::isInstance).map(Kernel.class::cast)
                .toList();
        assertThat(kernels).isNotEmpty().allSatisfy(k -> assertThat(attribution.operation(k)).isPresent());
        assertThat(run.operationTimes(CaptureGpuTest::decodes).keySet())
                .containsAll(decodePlan);
        assertThat(run.deviceTime(CaptureGpuTest::decodes).busyNs()).isPositive();
        Trace trace = CaptureTrace.of(run, List.of(), "test", Map.of());
        for (int e = 0; e < trace.size(); e++) {
            if (trace.kind(e) == EventKind.KERNEL) {
                assertThat(trace.link(e)).as(trace.name(e)).isNotNegative();
            }
        }
    }
}
