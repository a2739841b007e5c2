package org.moelab.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// The time of each of a model's transformer layers, and of each operation in it, in two captured timelines of a run. As in the
/// run's report, an operation's time is by how much its work made the device busy for longer than the work that began before
/// it, so that the times over all transformer layers sum to those of the report's operations.
///
/// @param layers from the first up
public record TransformerLayers(List<TransformerLayer> layers) {
    private static final Pattern NAME = Pattern.compile("layer (\\d{1,4})/(.+)");

    public TransformerLayers {
        layers = List.copyOf(layers);
    }

    /// A transformer layer. Times are in ms of a captured step, empty where the timeline has no such work.
    ///
    /// @param number from 1; operations in a timeline are named from 0
    /// @param operations the one with the largest difference first
    public record TransformerLayer(int number, Optional<Double> beforeMs, Optional<Double> afterMs,
            List<Row> operations) {
        public TransformerLayer {
            operations = List.copyOf(operations);
        }

        /// What the other spends less; negative where it spends more.
        public double savedMs() {
            return beforeMs.orElse(0.0) - afterMs.orElse(0.0);
        }

        /// How many times shorter it became; empty where one lacks it.
        public Optional<Double> factor() {
            return beforeMs.flatMap(b -> afterMs.filter(a -> a > 0 && b > 0).map(a -> b / a));
        }

        /// Its name in a sentence.
        public String name() {
            return "transformer layer " + number;
        }
    }

    /// A captured timeline's times in ns by transformer layer, from 0, and operation.
    ///
    /// @param kinds the kind of work of each operation
    public record Times(NavigableMap<Integer, NavigableMap<String, Long>> ns, Map<String, String> kinds) {
        /// Of a timeline that names no operations.
        public static final Times NONE = new Times(new TreeMap<>(), Map.of());

        private Optional<Double> ms(int layer, int steps) {
            return ns.containsKey(layer)
                    ? Optional.of(of(layer).values().stream().mapToLong(n -> n).sum() / 1e6 / steps)
                    : Optional.empty();
        }

        private Optional<Double> ms(int layer, String operation, int steps) {
            return Optional.ofNullable(of(layer).get(operation)).map(n -> n / 1e6 / steps);
        }

        private NavigableMap<String, Long> of(int layer) {
            return ns.getOrDefault(layer, new TreeMap<>());
        }
    }

    /// From one captured timeline to another.
    ///
    /// @param b the times of the one
    /// @param beforeSteps how many steps of the phase it holds
    /// @param a the times of the other
    /// @param afterSteps how many steps of the phase it holds
    /// @return empty where one has no work of a transformer layer
    public static Optional<TransformerLayers> of(Times b, int beforeSteps, Times a, int afterSteps) {
        if (b.ns.isEmpty() || a.ns.isEmpty() || beforeSteps < 1 || afterSteps < 1) {
            return Optional.empty();
        }
        Set<Integer> numbers = new TreeSet<>(b.ns.keySet());
        numbers.addAll(a.ns.keySet());
        List<TransformerLayer> layers = new ArrayList<>();
        for (int n : numbers) {
            Set<String> names = new LinkedHashSet<>(b.of(n).keySet());
            names.addAll(a.of(n).keySet());
            List<Row> operations = names.stream()
                    .map(name -> new Row(Part.OPERATION, name, kind(b, a, name), b.ms(n, name, beforeSteps),
                            a.ms(n, name, afterSteps), ""))
                    .sorted(Comparator.comparingDouble((Row r) -> -Math.abs(r.savedMs()))).toList();
            layers.add(new TransformerLayer(n + 1, b.ms(n, beforeSteps), a.ms(n, afterSteps), operations));
        }
        return Optional.of(new TransformerLayers(layers));
    }

    private static String kind(Times before, Times after, String operation) {
        return after.kinds.getOrDefault(operation, before.kinds.getOrDefault(operation, ""));
    }

    /// The times of a phase's operations by transformer layer; none where the timeline does not name operations.
    public static Times times(Trace trace, RunPhase phase) {
        NavigableMap<Integer, NavigableMap<String, Long>> ns = new TreeMap<>();
        Map<String, String> kinds = new LinkedHashMap<>();
        Optional<Attribute> operation = trace.attribute(AttributeKey.OPERATION);
        if (operation.isEmpty()) {
            return new Times(ns, kinds);
        }
        TreeMap<Long, Long> steps = steps(trace, phase);
        List<Integer> work = IntStream.range(0, trace.size()).filter(e -> trace.kind(e).isDeviceWork()).boxed()
                .sorted(Comparator.comparingLong(trace::start)).toList();
        long end = Long.MIN_VALUE;
        for (int event : work) {
            long added = Math.max(0, trace.end(event) - Math.max(end, trace.start(event)));
            end = Math.max(end, trace.end(event));
            Map.Entry<Long, Long> step = steps.floorEntry(trace.start(event));
            String name = text(trace, operation.get(), event);
            Matcher named = NAME.matcher(name);
            if (step != null && trace.start(event) < step.getValue() && named.matches()) {
                String part = named.group(2);
                ns.computeIfAbsent(Integer.parseInt(named.group(1)), _ -> new TreeMap<>())
                        .merge(part, added, Long::sum);
                trace.attribute(AttributeKey.OPERATION_KIND)
                        .ifPresent(kind -> kinds.putIfAbsent(part, text(trace, kind, event)));
            }
        }
        return new Times(ns, kinds);
    }

    private static String text(Trace trace, Attribute attribute, int event) {
        return attribute.has(event) ? trace.strings().get((int) attribute.valueOr(event, 0)) : "";
    }

    /// When the phase's steps ran on the device: their ends by their starts.
    private static TreeMap<Long, Long> steps(Trace trace, RunPhase phase) {
        TreeMap<Long, Long> steps = new TreeMap<>();
        for (int event = 0; event < trace.size(); event++) {
            if (trace.kind(event) == EventKind.DEVICE_RANGE && trace.name(event).equals(phase.label())) {
                steps.merge(trace.start(event), trace.end(event), Math::max);
            }
        }
        return steps;
    }
}
