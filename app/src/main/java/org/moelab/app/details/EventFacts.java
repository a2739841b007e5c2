package org.moelab.app.details;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.moelab.app.theme.OperationKind;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.model.Unit;

/// The facts about one event of a trace. Costs a few searches; reads nothing from the file.
final class EventFacts {
    private static final Set<AttributeKey> SHOWN_APART = Set.of(AttributeKey.LAUNCH_CONFIG, AttributeKey.BYTES,
            AttributeKey.COPY_KIND);

    private final Trace trace;
    private final int event;
    private final OptionalInt operator;

    private EventFacts(Trace trace, int event, OptionalInt operator) {
        this.trace = trace;
        this.event = event;
        this.operator = operator;
    }

    /// All groups of facts, those without facts left out.
    ///
    /// @param operator the framework's operator that caused the event, where it is known
    static List<Fact.Group> of(Trace trace, int event, OptionalInt operator) {
        EventFacts facts = new EventFacts(trace, event, operator);
        List<Fact.Group> groups = new ArrayList<>();
        groups.add(new Fact.Group("Event", facts.place()));
        groups.add(new Fact.Group("Copy", facts.copy()));
        groups.add(new Fact.Group("Launch", facts.launch()));
        groups.add(new Fact.Group("Launched work", facts.launched()));
        groups.add(new Fact.Group("Launch configuration", facts.configuration()));
        groups.add(new Fact.Group("Ranges around it", facts.ranges()));
        groups.add(new Fact.Group("Attributes", facts.attributes()));
        groups.removeIf(g -> g.facts().isEmpty());
        return groups;
    }

    private List<Fact> place() {
        List<Fact> facts = new ArrayList<>();
        EventKind kind = trace.kind(event);
        facts.add(Fact.of("Kind", kindName(kind), "what the recording says that the event is"));
        if (kind == EventKind.KERNEL) {
            facts.add(Fact.of("Family", OperationKind.of(kind, trace.name(event)).label(),
                    "told from the words in the kernel's name"));
        }
        facts.add(Fact.of("Duration", Unit.NANOSECONDS.format(trace.duration(event)),
                "end − start = " + trace.duration(event) + " ns"));
        facts.add(Fact.of("Start", Unit.NANOSECONDS.format(trace.start(event) - trace.startNs()),
                "since the first event; " + trace.start(event) + " ns on the recording's clock"));
        facts.add(Fact.of("Track", trackPath(), "where it happened, from process or device down"));
        if (trace.correlation(event) >= 0) {
            facts.add(Fact.of("Correlation", Long.toString(trace.correlation(event)),
                    "the id that a call shares with the work it launched"));
        }
        return facts;
    }

    private static String kindName(EventKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private String trackPath() {
        StringBuilder path = new StringBuilder();
        for (Track t = trace.track(event);; t = trace.tracks().get(t.parent())) {
            path.insert(0, t.name() + (path.isEmpty() ? "" : " / "));
            if (t.parent() < 0) {
                return path.toString();
            }
        }
    }

    private Optional<Long> value(AttributeKey key) {
        return trace.attribute(key).filter(a -> a.has(event)).map(a -> a.valueOr(event, 0));
    }

    private List<Fact> copy() {
        List<Fact> facts = new ArrayList<>();
        value(AttributeKey.COPY_KIND).ifPresent(
                kind -> facts.add(Fact.of("Direction", copyKind(kind.intValue()), "CUPTI copy kind " + kind)));
        value(AttributeKey.BYTES).ifPresent(bytes -> {
            facts.add(Fact.of("Bytes", Unit.BYTES.format(bytes), String.format(Locale.ROOT, "%,d bytes", bytes)));
            if (trace.duration(event) > 0 && trace.kind(event).isDeviceWork()) {
                double rate = bytes * 1e9 / trace.duration(event);
                facts.add(Fact.of("Bandwidth", Unit.BYTES_PER_SECOND.format(rate), "bytes ÷ duration"));
            }
        });
        return facts;
    }

    private static String copyKind(int kind) {
        return switch (kind) {
            case 1 -> "host to device";
            case 2 -> "device to host";
            case 8 -> "device to device";
            case 9 -> "host to host";
            case 10 -> "peer to peer";
            case 11 -> "unified, host to device";
            case 12 -> "unified, device to host";
            case 13 -> "unified, device to device";
            default -> "kind " + kind;
        };
    }

    private List<Fact> launch() {
        if (!trace.kind(event).onDevice()) {
            return List.of();
        }
        List<Fact> facts = new ArrayList<>();
        operator.ifPresent(op -> facts.add(Fact.leading("Operator", trace.name(op),
                "the framework's operator that caused it, by its id or around the launch", op)));
        int call = trace.link(event);
        if (call < 0) {
            return facts;
        }
        around().stream().filter(e -> trace.kind(e) != EventKind.CPU_OP).reduce((_, inner) -> inner)
                .ifPresent(range -> facts.add(Fact.leading("Range", trace.name(range),
                        "the innermost annotated range around the launch", range)));
        facts.add(
                Fact.leading("Launched by", trace.name(call), "the call with the same correlation and process", call));
        facts.add(Fact.of("Call took", Unit.NANOSECONDS.format(trace.duration(call)), "end − start of the call"));
        facts.add(Fact.of("Launch latency", Unit.NANOSECONDS.format(trace.start(event) - trace.start(call)),
                "start on the device − start of the call"));
        facts.add(Fact.of("Wait", Unit.NANOSECONDS.format(Math.max(0, trace.start(event) - trace.end(call))),
                "start on the device − end of the call, at least 0: time in the queue"));
        int siblings = trace.launchedCount(call);
        if (siblings > 1) {
            facts.add(Fact.of("Same launch", Unit.COUNT.format(siblings) + " device events",
                    "all work with this call's correlation, such as the nodes of a graph"));
        }
        return facts;
    }

    private List<Fact> launched() {
        int count = trace.kind(event).isApiCall() ? trace.launchedCount(event) : 0;
        if (count == 0) {
            return List.of();
        }
        List<Integer> work = new ArrayList<>(count);
        trace.forEachLaunched(event, work::add);
        int first = work.stream().min(Comparator.comparingLong(trace::start)).orElse(work.getFirst());
        long total = work.stream().mapToLong(trace::duration).sum();
        return List.of(Fact.leading(count == 1 ? "Launched" : "First of " + Unit.COUNT.format(count), trace.name(first),
                "device work with this call's correlation", first),
                Fact.of("Device time", Unit.NANOSECONDS.format(total), "sum of the durations of what it launched"),
                Fact.of("Latency", Unit.NANOSECONDS.format(trace.start(first) - trace.start(event)),
                        "start of the first on the device − start of the call"));
    }

    private List<Fact> configuration() {
        Optional<LaunchConfig> launch = trace.launchConfig(event);
        if (launch.isEmpty()) {
            return List.of();
        }
        LaunchConfig c = launch.get();
        List<Fact> facts = new ArrayList<>();
        facts.add(Fact.of("Grid", c.gridX() + " × " + c.gridY() + " × " + c.gridZ(),
                Unit.COUNT.format(c.blocks()) + " blocks"));
        facts.add(Fact.of("Block", c.blockX() + " × " + c.blockY() + " × " + c.blockZ(),
                c.threadsPerBlock() + " threads"));
        facts.add(Fact.of("Threads", Unit.COUNT.format(c.blocks() * c.threadsPerBlock()), "blocks × threads a block"));
        if (c.registersPerThread() > 0) {
            facts.add(Fact.of("Registers", c.registersPerThread() + " a thread", "as compiled"));
        }
        facts.add(Fact.of("Shared memory",
                Unit.BYTES.format(c.staticSharedBytes() + (long) c.dynamicSharedBytes()) + " a block",
                "static " + c.staticSharedBytes() + " B + dynamic " + c.dynamicSharedBytes() + " B"));
        return facts;
    }

    /// The annotations that enclose the event on its thread, for device work those around its launch.
    private List<Fact> ranges() {
        return around().stream().map(e -> Fact.leading(Unit.NANOSECONDS.format(trace.duration(e)), trace.name(e),
                kindName(trace.kind(e)) + " around " + (trace.kind(event).onDevice() ? "the launch" : "the event"), e))
                .toList();
    }

    /// Outer ones first.
    private List<Integer> around() {
        int anchor = trace.kind(event).onDevice() ? trace.link(event) : event;
        if (anchor < 0 || trace.track(anchor).locus().thread() < 0) {
            return List.of();
        }
        List<Integer> around = new ArrayList<>();
        for (Track t : trace.tracks()) {
            boolean sameThread = t.locus().process() == trace.track(anchor).locus().process()
                    && t.locus().thread() == trace.track(anchor).locus().thread();
            if (sameThread && (t.kind() == TrackKind.RANGES || t.kind() == TrackKind.OPS)) {
                collectAround(t, anchor, around);
            }
        }
        around.sort(Comparator.comparingLong(trace::start).thenComparingLong(e -> -trace.duration(e)));
        return around;
    }

    private void collectAround(Track track, int anchor, List<Integer> around) {
        for (Lane lane : trace.lanes(track.id())) {
            int i = lane.lastStartingAtOrBefore(trace.start(anchor));
            if (i >= 0) {
                int e = lane.event(i);
                if (e != anchor && trace.duration(e) > 0 && trace.end(e) >= trace.end(anchor)) {
                    around.add(e);
                }
            }
        }
    }

    private List<Fact> attributes() {
        return trace.attributes().stream().filter(a -> !SHOWN_APART.contains(a.key()) && a.has(event))
                .sorted(Comparator.comparing(a -> a.key().name()))
                .map(a -> Fact.of(a.key().name(), text(a), "as the recording's producer names it")).toList();
    }

    private String text(Attribute a) {
        int i = a.find(event);
        return switch (a.key().type()) {
            case STRING -> trace.strings().get((int) a.longAt(i));
            case DOUBLE -> a.key().unit().format(a.doubleAt(i));
            case LONG -> a.key().unit() == Unit.NONE
                    ? Long.toString(a.longAt(i))
                    : a.key().unit().format(a.longAt(i));
        };
    }
}
