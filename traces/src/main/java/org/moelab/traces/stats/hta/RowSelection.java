package org.moelab.traces.stats.hta;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportOptions.HtaVariant;

/// Chooses the rows that the reports count, rank by rank, as HolisticTraceAnalysis does in
/// `hta/common/trace.py`: all of them, or, where the trace has two profiler steps or more, those that were launched before
/// the last one began.
final class RowSelection {
    private final Trace trace;
    private final ReportOptions options;
    private final RowFacts facts;
    private final Map<Integer, Rank> ranks = new TreeMap<>();

    /// The rows of a rank before any is dropped.
    private static final class Rank {
        private final IntStream.Builder device = IntStream.builder();
        private final IntStream.Builder host = IntStream.builder();
        private final IntStream.Builder steps = IntStream.builder();
        /// First to start and last to end of the rows that nothing launched, -1 where there is none.
        private int first = -1;
        private int last = -1;
        private boolean hasDevice;
        /// First in the file, -1 where there is none.
        private int head = -1;
    }

    private RowSelection(Trace trace, ReportOptions options) {
        this.trace = trace;
        this.options = options;
        this.facts = new RowFacts(trace, options);
    }

    /// The rows of each rank, ranks rising. The rank of a recording that has but one is 0.
    static List<RankRows> of(Trace trace, ReportOptions options) {
        return new RowSelection(trace, options).select();
    }

    private List<RankRows> select() {
        int[] rankOfProcess = rankOfProcess();
        long originNs = Long.MAX_VALUE;
        IntStream.Builder stepNames = IntStream.builder();
        for (int track = 0; track < trace.tracks().size(); track++) {
            int process = trace.tracks().get(track).locus().process();
            int key = process < 0 || process >= rankOfProcess.length ? 0 : rankOfProcess[process];
            for (int e = trace.trackBegin(track); e < trace.trackEnd(track); e++) {
                if (facts.isRow(e)) {
                    originNs = Math.min(originNs, trace.start(e));
                    collect(e, ranks.computeIfAbsent(key, _ -> new Rank()));
                    if (facts.isStep(e)) {
                        stepNames.add(trace.nameId(e));
                    }
                }
            }
        }
        dropIdleProcesses();
        RowTimes times = new RowTimes(trace, options.hta(), originNs);
        boolean dropping = stepNames.build().distinct().count() > 1;
        List<RankRows> rows = new ArrayList<>();
        ranks.forEach((key, rank) -> rows.add(rows(ranks.size() == 1 ? 0 : key, rank, times, dropping)));
        return rows;
    }

    /// Of processes that are ranks only because they are processes, those count that used a device.
    private void dropIdleProcesses() {
        if (trace.info().format() == TraceFormat.NSYS && ranks.values().stream().anyMatch(r -> r.hasDevice)) {
            ranks.values().removeIf(r -> !r.hasDevice);
        }
    }

    private void collect(int event, Rank rank) {
        rank.head = rank.head < 0 || trace.source(event) < trace.source(rank.head) ? event : rank.head;
        if (facts.stream(event) != -1) {
            rank.device.add(event);
            rank.hasDevice = true;
        }
        if (!facts.isLaunched(event)) {
            if (trace.correlation(event) >= 0) {
                rank.host.add(event);
            }
            if (facts.isStep(event)) {
                rank.steps.add(event);
            }
            rank.first = rank.first < 0 || trace.start(event) < trace.start(rank.first) ? event : rank.first;
            rank.last = rank.last < 0 || trace.end(event) > trace.end(rank.last) ? event : rank.last;
        }
    }

    private RankRows rows(int number, Rank rank, RowTimes times, boolean dropping) {
        int[] device = inFileOrder(rank.device.build().toArray());
        int[] host = inFileOrder(rank.host.build().toArray());
        if (!dropping || rank.first < 0) {
            return new RankRows(number, facts, times, device, host, head(rank));
        }
        int[] steps = rank.steps.build().toArray();
        double lastStart = IntStream.of(steps).mapToDouble(times::start).max().orElse(times.start(rank.first));
        double lastEnd = IntStream.of(steps).mapToDouble(times::end).max().orElse(times.end(rank.last));
        int[] keptHost = IntStream.of(host).filter(e -> isKept(times.start(e), lastStart, lastEnd)).toArray();
        EventGroups launches = EventGroups.of(keptHost, trace::correlation);
        IntStream launched = IntStream.of(device).filter(facts::isLaunched)
                .flatMap(e -> IntStream.generate(() -> e).limit(launches.count(trace.correlation(e))));
        IntStream unlaunched = IntStream.of(device).filter(e -> !facts.isLaunched(e))
                .filter(e -> isKept(times.start(e), lastStart, lastEnd));
        return new RankRows(number, facts, times, IntStream.concat(launched, unlaunched).toArray(), keptHost,
                head(rank));
    }

    /// The first event of the file where it stands in for a missing launch, see [RankRows#launchOf].
    private int head(Rank rank) {
        return trace.info().format() == TraceFormat.KINETO && options.hta() != HtaVariant.EXACT ? rank.head : -1;
    }

    private boolean isKept(double start, double lastStart, double lastEnd) {
        return options.keepLastStep() ? start <= lastEnd : start < lastStart;
    }

    /// Importers of files that have an order of their own keep it as the events' source.
    private int[] inFileOrder(int[] events) {
        boolean ordered = trace.info().format() == TraceFormat.KINETO || trace.info().format() == TraceFormat.CHROME;
        IntSort.sort(events, (a, b) -> ordered
                ? Long.compare(trace.source(a), trace.source(b))
                : Long.compare(trace.start(a), trace.start(b)));
        return events;
    }

    /// The job's rank of each process. Where none is known, the files of the PyTorch profiler hold one rank, and in those of
    /// Nsight Systems each process is one.
    private int[] rankOfProcess() {
        List<ProcessInfo> processes = trace.processes();
        int[] ranks = new int[processes.size()];
        boolean known = processes.stream().anyMatch(p -> p.rank().isPresent());
        if (known) {
            int lowest = processes.stream().map(ProcessInfo::rank).flatMapToInt(OptionalInt::stream).min().orElse(0);
            Arrays.setAll(ranks, i -> processes.get(i).rank().orElse(lowest));
        } else if (trace.info().format() == TraceFormat.NSYS) {
            Arrays.setAll(ranks, i -> i);
        }
        return ranks;
    }
}
