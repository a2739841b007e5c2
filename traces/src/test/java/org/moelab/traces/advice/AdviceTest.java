package org.moelab.traces.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

class AdviceTest {
    private static Finding only(Session session, String rule) {
        List<Finding> found = Advice.of(session.build()).stream().filter(f -> f.rule().equals(rule)).toList();
        assertThat(found).as(rule).hasSize(1);
        return found.getFirst();
    }

    private static List<String> rules(Session session) {
        return Advice.of(session.build()).stream().map(Finding::rule).toList();
    }

    private static double figure(Finding finding, String label) {
        return finding.evidence().stream().filter(e -> e.label().equals(label)).findFirst().orElseThrow().value();
    }

    /// Launched well ahead, one behind the other: nothing to say.
    private static Session busy() {
        return new Session().kernel("a", 0, 10, 500).kernel("b", 2, 510, 500).kernel("c", 4, 1010, 500);
    }

    @Test
    void of_busyDevice_findsNothing() {
        assertThat(rules(busy())).isEmpty();
    }

    @Test
    void lateLaunches_deviceRunDryBeforeTheLaunch_isTheIdleTime() {
        Finding found = only(new Session().kernel("a", 0, 10, 100).kernel("b", 150, 160, 40), "late-launches");

        assertThat(found.timeNs()).isEqualTo(50_000);
        assertThat(found.ofNs()).isEqualTo(190_000);
        assertThat(found.boundNs()).isEqualTo(OptionalDouble.of(50_000));
        assertThat(found.severity()).isEqualTo(Severity.HIGH);
        assertThat(figure(found, "gaps")).isEqualTo(1);
        assertThat(found.techniques()).startsWith("cuda-graphs");
        Occurrence gap = found.occurrences().getFirst();
        assertThat(gap.label()).isEqualTo("50.00 µs before b");
        assertThat(gap.place()).isInstanceOfSatisfying(Place.Span.class, span -> {
            assertThat(span.fromNs()).isEqualTo(110_000);
            assertThat(span.toNs()).isEqualTo(160_000);
        });
    }

    @Test
    void gaps_withinRangesOfSteps_tellTheStepAndItsIdleTime() {
        Session session = new Session().range("prompt", 0, 300).range("layer", 0, 100).range("token", 300, 150)
                .range("token", 450, 150);
        session.kernel("a", 0, 10, 100).kernel("b", 150, 160, 140).kernel("c", 310, 320, 130).kernel("d", 460, 470,
                130);

        Finding found = only(session, "late-launches");

        assertThat(found.occurrences()).extracting(Occurrence::label).containsExactly("50.00 µs before b, in prompt",
                "20.00 µs before c, in token 1", "20.00 µs before d, in token 2");
        assertThat(figure(found, "idle in prompt")).isEqualTo(50_000);
        assertThat(figure(found, "idle in token")).isEqualTo(40_000);
    }

    @Test
    void gaps_ofALongPrompt_doNotCrowdOutThoseOfTokens() {
        Session session = new Session().range("prompt", 0, 2000).range("token", 2000, 200);
        session.kernel("first", 0, 10, 10);
        for (long i = 1; i <= 12; i++) {
            session.kernel("p", i * 150 - 5, i * 150, 50);
        }
        session.kernel("t", 2005, 2010, 100).kernel("u", 2112, 2115, 50);

        assertThat(only(session, "late-launches").occurrences()).extracting(Occurrence::label)
                .contains("5.000 µs before u, in token");
    }

    @Test
    void lateLaunches_manyGaps_listsTheLongestFirst() {
        Session session = new Session();
        long time = 0;
        for (int i = 1; i <= 20; i++) {
            session.kernel("k" + i, time, time + 1, 10);
            time += 11 + i;
        }

        Finding found = only(session, "late-launches");

        assertThat(figure(found, "gaps")).isEqualTo(19);
        assertThat(found.occurrences()).hasSize(Occurrence.LISTED).first().extracting(Occurrence::ns)
                .isEqualTo(20_000.0);
    }

    @Test
    void gapsBetweenKernels_launchedBeforeTheGap_areNotTheHosts() {
        Session session = new Session().kernel("a", 0, 10, 100).kernel("b", 2, 120, 100);

        assertThat(only(session, "gaps-between-kernels").timeNs()).isEqualTo(10_000);
        assertThat(Advice.of(session.build())).extracting(Finding::rule).containsExactly("gaps-between-kernels");
    }

    @Test
    void gapsBetweenKernels_underAHundredthOfTheTime_areNothing() {
        assertThat(rules(new Session().kernel("a", 0, 10, 1000).kernel("b", 2, 1015, 1000))).isEmpty();
    }

    @Test
    void gapsUnexplained_workWithoutLaunch_isNeitherLateNorQueued() {
        Session session = new Session().kernel("a", 0, 10, 100).orphan(EventKind.KERNEL, "b", 150, 50);

        assertThat(rules(session)).containsExactly("gaps-unexplained", "recording-kernel-without-launch");
    }

    @Test
    void idleInSynchronisation_hostWaitsWhileTheDeviceIsDry_isSplitFromTheLaunch() {
        Session session = new Session().kernel("a", 0, 10, 100).call("cudaStreamSynchronize", 5, 125)
                .kernel("b", 140, 150, 100);
        List<Finding> found = Advice.of(session.build());

        assertThat(found).extracting(Finding::rule).containsExactly("idle-in-synchronisation", "late-launches");
        assertThat(found).extracting(Finding::timeNs).as("the gap of 40 µs, to the nanosecond")
                .containsExactly(20_000.0, 20_000.0);
        assertThat(found.getFirst().occurrences().getFirst().label()).isEqualTo("20.00 µs in cudaStreamSynchronize");
    }

    @Test
    void idleInAllocation_mallocBeforeTheLaunch_isFoundAndStreamOrderedIsNot() {
        assertThat(rules(new Session().kernel("a", 0, 10, 100).call("cudaMalloc", 110, 50).kernel("b", 161, 161, 100)))
                .contains("idle-in-allocation");
        assertThat(
                rules(new Session().kernel("a", 0, 10, 100).call("cudaMallocAsync", 110, 50).kernel("b", 161, 161,
                        100)))
                .containsExactly("late-launches");
    }

    @Test
    void idleInCalls_launchHadBegunBefore_isNotTheCalls() {
        Session session = new Session().kernel("a", 0, 10, 100).kernel("b", 2, 130, 100)
                .call("cudaDeviceSynchronize", 4, 300);

        assertThat(rules(session)).containsExactly("gaps-between-kernels");
    }

    @Test
    void blockingCall_names_areToldApart() {
        assertThat(List.of("cudaMemcpyAsync_v3020", "cuMemcpyHtoDAsync_v2", "cudaLaunchKernel", "cudaFreeAsync",
                "cudaStreamWaitEvent", "cudaMemsetAsync")).allMatch(name -> BlockingCall.of(name).isEmpty());
        assertThat(List.of("cudaMemcpy_v3020", "cuMemcpyDtoH_v2", "hipMemcpyWithStream"))
                .allMatch(name -> BlockingCall.of(name).equals(java.util.Optional.of(BlockingCall.COPY)));
        assertThat(List.of("cudaMalloc", "cuMemAlloc_v2", "cudaFree", "cudaHostAlloc", "hipFree"))
                .allMatch(name -> BlockingCall.of(name).equals(java.util.Optional.of(BlockingCall.ALLOCATION)));
    }

    @Test
    void synchronousCopies_byCallAndByName_areFoundWithTheirTimeAlone() {
        Session session = busy().copy("Memcpy HtoD", "cudaMemcpy", 8, 3, 1490, 70)
                .copy("Memcpy HtoD (Pageable -> Device)", "cudaMemcpyAsync", 8, 4, 1560, 40)
                .copy("Memcpy HtoD (Pinned -> Device)", "cudaMemcpyAsync", 8, 5, 1600, 400);

        Finding found = only(session, "synchronous-copies");

        assertThat(found.timeNs()).isEqualTo(110_000);
        assertThat(found.boundNs()).as("20 µs ran beside a kernel").isEqualTo(OptionalDouble.of(90_000));
        assertThat(figure(found, "of pageable memory")).isEqualTo(1);
        assertThat(figure(found, "rate")).isCloseTo(1e9, within(1.0));
        assertThat(rules(busy().copy("Memcpy HtoD", "cudaMemcpyAsync", 8, 5, 1510, 400)))
                .doesNotContain("synchronous-copies");
    }

    @Test
    void copiesNotOverlapped_mostAlone_isTheTimeWithoutKernels() {
        Finding found = only(busy().copy("Memcpy HtoD", "cudaMemcpyAsync", 8, 3, 1410, 300), "copies-not-overlapped");

        assertThat(found.timeNs()).isEqualTo(200_000);
        assertThat(figure(found, "overlap")).isCloseTo(33.3, within(0.1));
        assertThat(rules(busy().copy("Memcpy HtoD", "cudaMemcpyAsync", 8, 3, 100, 300))).isEmpty();
    }

    @Test
    void communicationNotOverlapped_allReduceAlone_isFound() {
        Session alone = busy().kernelOn("ncclDevKernel_AllReduce", 9, 5, 1510, 300);
        Session beside = busy().kernelOn("ncclDevKernel_AllReduce", 9, 5, 400, 300);

        assertThat(only(alone, "communication-not-overlapped").timeNs()).isEqualTo(300_000);
        assertThat(rules(beside)).isEmpty();
    }

    @Test
    void tinyKernels_shorterThanTheirLaunch_areCountedByName() {
        Session session = busy();
        for (int i = 0; i < 30; i++) {
            session.tinyKernel("add", 10 + 4 * i, 1510 + i);
        }

        Finding found = only(session, "tiny-kernels");

        assertThat(figure(found, "tiny kernels")).isEqualTo(30);
        assertThat(figure(found, "in their launches")).isEqualTo(120_000);
        assertThat(found.occurrences()).singleElement().extracting(Occurrence::label)
                .isEqualTo("30 calls of add, 30.00 µs");
        assertThat(rules(busy().graph(6, 1510, 30, 1))).as("a graph's launch is shared by its kernels").isEmpty();
    }

    @Test
    void launchesWithoutGraphs_manyLateAndAlone_areFoundAndGraphsAreNot() {
        Session single = new Session();
        Session graphs = new Session();
        for (int i = 0; i < 120; i++) {
            single.kernel("k", 100 * i + 60, 100 * i + 62, 50);
            graphs.graph(100 * i + 60, 100 * i + 62, 5, 10);
        }

        Finding found = only(single, "launches-without-graphs");

        assertThat(figure(found, "launched one by one")).isEqualTo(120);
        assertThat(found.boundNs()).isEqualTo(OptionalDouble.of(119 * 50_000));
        assertThat(rules(graphs)).containsExactly("late-launches");
    }

    @Test
    void fewBlocks_aloneOnTheDevice_boundsByTheIdleMultiprocessors() {
        Finding found = only(new Session().sizedKernel("a", 10, 100, 25, 32).sizedKernel("b", 110, 100, 400, 32),
                "few-blocks");

        assertThat(found.timeNs()).isEqualTo(100_000);
        assertThat(found.boundNs().orElseThrow()).isCloseTo(75_000, within(1e-6));
        assertThat(found.occurrences().getFirst().label()).isEqualTo("a: 25 blocks, 1 call, 100.0 µs");
    }

    @Test
    void fewBlocks_otherWorkBeside_isNoFinding() {
        assertThat(rules(new Session().sizedKernel("a", 10, 100, 25, 32).kernelOn("b", 8, 0, 10, 100))).isEmpty();
    }

    @Test
    void lowOccupancy_registersAllowOneBlock_isAFindingOfLowSeverity() {
        Session session = new Session().sizedKernel("fat", 10, 100, 4000, 255).sizedKernel("thin", 110, 100, 4000, 32);

        Finding found = only(session, "low-occupancy");

        assertThat(found.severity()).as("half of the time, but it need not cost any").isEqualTo(Severity.LOW);
        assertThat(found.boundNs()).isEmpty();
        assertThat(found.occurrences()).singleElement().extracting(Occurrence::label)
                .isEqualTo("fat: occupancy 12.50 %, 1 call, 100.0 µs");
    }

    @Test
    void dataQuality_warningsGraphsOverhead_areNotesBehindAllElse() {
        Session session = new Session().kernel("a", 0, 10, 100).kernel("b", 150, 160, 40)
                .orphan(EventKind.GRAPH, "CUDA graph 1", 200, 50).overhead(0, 50)
                .warn("truncated", 1, "the file ends in the middle of an event");

        List<Finding> found = Advice.of(session.build());

        assertThat(found).extracting(Finding::rule).containsExactly("late-launches", "graphs-unresolved",
                "profiler-overhead", "recording-truncated");
        assertThat(found.getLast().title()).isEqualTo("the file ends in the middle of an event");
        assertThat(found.getLast().explanation()).contains("the part that was read");
        assertThat(found.subList(1, 4)).allMatch(f -> f.severity() == Severity.NOTE && Double.isNaN(f.share()));
    }

    @Test
    void dataQuality_nothingRecorded_saysWhatRulesLacked() {
        assertThat(rules(new Session().call("cudaMalloc", 0, 1))).containsExactly("no-device-work");
        assertThat(rules(new Session().orphan(EventKind.KERNEL, "a", 0, 10))).containsExactly("no-host-calls");
    }

    @Test
    void tableAndJson_holdTheSameFindings() {
        Trace trace = new Session().kernel("a", 0, 10, 100).kernel("b", 150, 160, 40)
                .warn("truncated", 1, "the file ends in the middle of an event").build();
        List<FindingTable.Sourced> found = Advice.of(trace).stream()
                .map(f -> new FindingTable.Sourced("made-up", f)).toList();

        String csv = TableFormat.CSV.render(FindingTable.of(found, id -> "<" + id + ">"));
        assertThat(csv.lines()).hasSize(3);
        assertThat(csv).contains("high,The device waits for the host to launch,50000,26.32,50000,", "<cuda-graphs>",
                "note,the file ends in the middle of an event,,,,");
        assertThat(FindingJson.of(found).get("findings").valueStream().map(f -> f.get("rule").asString()))
                .containsExactly("late-launches", "recording-truncated");
        assertThat(FindingJson.of(found).get("findings").get(0).get("at_most_ns").asDouble()).isEqualTo(50_000);
    }
}
