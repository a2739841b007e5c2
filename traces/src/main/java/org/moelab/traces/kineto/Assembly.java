package org.moelab.traces.kineto;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import org.moelab.traces.kineto.EventBlock.Flaw;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.TraceBuilder;

/// Puts parsed blocks together: rows become tracks, points become pairs, arrows and counters.
final class Assembly {
    /// Arrows from a launch to its work: the correlation id tells the same, and tells it where an arrow has no end.
    private static final Set<String> LAUNCH_ARROWS = Set.of("ac2g", "async_cpu_to_gpu");

    private final TraceBuilder builder;
    private final List<EventBlock> blocks;

    /// @param blocks in file order
    Assembly(TraceBuilder builder, List<EventBlock> blocks) {
        this.builder = builder;
        this.blocks = blocks;
    }

    /// Hands everything over to the builder.
    void assemble(Envelope envelope) {
        Labels labels = new Labels();
        Pairs pairs = new Pairs();
        Counters counters = new Counters();
        List<Placed> parts = new ArrayList<>();
        for (EventBlock block : blocks) {
            labels.read(block);
            pairs.read(block);
            counters.read(block);
            parts.add(Placed.of(block));
            block.events().mapAttribute(AttributeKey.LAUNCH_CONFIG,
                    block.launches().configs().stream().mapToInt(builder::launchConfig).toArray());
        }
        parts.add(pairs.join());
        Layout layout = new Layout(builder, labels, envelope, parts);
        for (Placed part : parts) {
            part.events().mapTracks(part.rows().stream().mapToInt(layout::track).toArray());
            builder.add(part.events());
        }
        counters.build(builder, layout);
        blocks.forEach(block -> arrows(block, layout));
        warn(pairs);
    }

    private void arrows(EventBlock block, Layout layout) {
        Points points = block.points();
        List<ThreadKey> threads = block.places().threads();
        for (int i = 0; i < points.size(); i++) {
            char phase = points.phase(i);
            if (phase != 's' && phase != 't' && phase != 'f') {
                continue;
            }
            String category = block.categoryText(points.category(i));
            String name = block.events().strings().get(points.name(i));
            if (LAUNCH_ARROWS.contains(category) || category.equals("async") && name.equals("launch")) {
                continue;
            }
            int point = i;
            layout.arrowRow(threads.get(points.thread(i))).ifPresent(row -> builder.flowPoint(layout.track(row),
                    points.time(point), points.value(point), category, phase == 's'));
        }
    }

    private void warn(Pairs pairs) {
        for (Flaw flaw : Flaw.values()) {
            long count = blocks.stream().mapToLong(b -> b.flaws(flaw)).sum();
            builder.warn(flaw.code(), count, flaw.message(count));
        }
        builder.warn("unmatched-begin", pairs.openEnded(), pairs.openEnded()
                + " events begin and never end; they are shown up to the last end or beginning of all");
        builder.warn("unmatched-end", pairs.unmatchedEnds(),
                pairs.unmatchedEnds() + " ends of events have no beginning and were left out");
        TreeMap<Character, Long> unknown = new TreeMap<>();
        for (EventBlock block : blocks) {
            long[] counts = block.unknownPhases();
            for (int phase = 0; phase < counts.length; phase++) {
                if (counts[phase] > 0) {
                    unknown.merge((char) phase, counts[phase], Long::sum);
                }
            }
        }
        unknown.forEach((phase, count) -> builder.warn("unknown-phase", count,
                phase == 0
                        ? count + " events have no phase (ph) and were left out"
                        : count + " events of phase '" + phase + "' were left out"));
    }
}
