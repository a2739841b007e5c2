package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.ProfiledKernel.NvtxRange;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

/// Gathers a recording's [Work] in one pass.
final class WorkBuilder {
    private record Key(int name, EventKind kind, int path) {}

    private static final class Gathered {
        final String name;
        final EventKind kind;
        final String path;
        final long[] stepNs;
        final List<Integer> launches = new ArrayList<>();
        String shape = "";
        long calls;
        long totalNs;
        long firstNs = Long.MAX_VALUE;
        int before = -1;
        int after = -1;

        Gathered(String name, EventKind kind, String path, int steps) {
            this.name = name;
            this.kind = kind;
            this.path = path;
            this.stepNs = new long[steps];
        }
    }

    private final int steps;
    private final Map<Key, Integer> index = new HashMap<>();
    private final List<Gathered> groups = new ArrayList<>();
    /// The group of the piece before, on the same stream, and the one whose neighbour behind is to be noted.
    private int previous = -1;
    private int awaitsAfter = -1;

    private WorkBuilder(int steps) {
        this.steps = steps;
    }

    /// The work of a recording. Kernels of a report whose duration was not measured are left out.
    static Work of(Recording recording) {
        return switch (recording) {
            case Trace trace -> ofTimeline(trace);
            case KernelReport report -> ofReport(report);
        };
    }

    private static Work ofTimeline(Trace trace) {
        LaunchRanges ranges = new LaunchRanges(trace);
        StepRanges steps = new StepRanges(trace);
        WorkBuilder builder = new WorkBuilder(steps.count());
        var configs = trace.attribute(AttributeKey.LAUNCH_CONFIG);
        for (int track = 0; track < trace.tracks().size(); track++) {
            builder.beginStream();
            for (int e = trace.trackBegin(track); e < trace.trackEnd(track); e++) {
                if (trace.kind(e).isDeviceWork()) {
                    int event = e;
                    int path = ranges.pathOf(e);
                    Gathered group = builder.add(new Key(trace.nameId(e), trace.kind(e), path), trace.start(e),
                            () -> new Gathered(trace.name(event), trace.kind(event), ranges.text(path),
                                    steps.count()));
                    builder.count(group, trace.duration(e), steps.count() == 0 ? -1 : steps.stepOf(e));
                    if (group.shape.isEmpty() && configs.isPresent()) {
                        group.shape = trace.launchConfig(e).map(WorkBuilder::shape).orElse("");
                    }
                }
            }
        }
        return builder.build();
    }

    private static String shape(LaunchConfig c) {
        return c.gridX() + "x" + c.gridY() + "x" + c.gridZ() + " of " + c.blockX() + "x" + c.blockY() + "x"
                + c.blockZ();
    }

    private static Work ofReport(KernelReport report) {
        WorkBuilder builder = new WorkBuilder(0);
        Map<String, Integer> names = new HashMap<>();
        Map<String, Integer> paths = new HashMap<>();
        for (ProfiledKernel kernel : report.kernels()) {
            double durationNs = report.durationNs(kernel);
            if (Double.isNaN(durationNs)) {
                continue;
            }
            String name = kernel.name().display();
            String path = path(kernel);
            Key key = new Key(names.computeIfAbsent(name, _ -> names.size()), EventKind.KERNEL,
                    paths.computeIfAbsent(path, _ -> paths.size()));
            Gathered group = builder.add(key, kernel.index(),
                    () -> new Gathered(name, EventKind.KERNEL, path, 0));
            builder.count(group, Math.round(durationNs), -1);
            group.launches.add(kernel.index());
            if (group.shape.isEmpty()) {
                group.shape = kernel.launch().grid() + " of " + kernel.launch().block();
            }
        }
        return builder.build();
    }

    private static String path(ProfiledKernel kernel) {
        Stream<String> texts = kernel.nvtx().stream().filter(r -> r.kind() == NvtxRange.Kind.PUSH_POP)
                .map(NvtxRange::text).filter(text -> !StepName.isStep(text));
        return String.join(" / ", texts.toList());
    }

    private void beginStream() {
        previous = -1;
        awaitsAfter = -1;
    }

    private Gathered add(Key key, long startNs, java.util.function.Supplier<Gathered> made) {
        int id = index.computeIfAbsent(key, _ -> {
            groups.add(made.get());
            return groups.size() - 1;
        });
        if (awaitsAfter >= 0) {
            groups.get(awaitsAfter).after = id;
            awaitsAfter = -1;
        }
        Gathered group = groups.get(id);
        if (startNs < group.firstNs) {
            group.firstNs = startNs;
            group.before = previous;
            group.after = -1;
            awaitsAfter = id;
        }
        previous = id;
        return group;
    }

    private void count(Gathered group, long durationNs, int step) {
        group.calls++;
        group.totalNs += durationNs;
        if (step >= 0 && step < steps) {
            group.stepNs[step] += durationNs;
        }
    }

    private Work build() {
        List<Integer> order = new ArrayList<>(index.values());
        order.sort(Comparator.<Integer>comparingLong(i -> groups.get(i).firstNs)
                .thenComparing(i -> groups.get(i).name).thenComparing(i -> groups.get(i).path)
                .thenComparing(i -> groups.get(i).kind));
        int[] idOf = new int[groups.size()];
        for (int id = 0; id < order.size(); id++) {
            idOf[order.get(id)] = id;
        }
        List<Work.Group> built = new ArrayList<>();
        for (int id = 0; id < order.size(); id++) {
            Gathered g = groups.get(order.get(id));
            built.add(new Work.Group(id, g.name, g.kind, g.path, g.shape,
                    new Spent(g.calls, g.totalNs, Arrays.stream(g.stepNs).boxed().toList()),
                    g.before < 0 ? -1 : idOf[g.before], g.after < 0 ? -1 : idOf[g.after], g.launches));
        }
        return new Work(built, steps);
    }
}
