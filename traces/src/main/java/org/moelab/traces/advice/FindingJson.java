package org.moelab.traces.advice;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/// Findings for scripts: all that they hold, in base units.
public final class FindingJson {
    /// The form's version; readers refuse a higher one.
    public static final int VERSION = 1;

    private FindingJson() {
    }

    /// One object with a list of findings, in the order given.
    public static ObjectNode of(List<FindingTable.Sourced> findings) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", VERSION);
        ArrayNode array = root.putArray("findings");
        findings.forEach(sourced -> finding(array.addObject().put("source", sourced.source()), sourced.finding()));
        return root;
    }

    private static void finding(ObjectNode node, Finding finding) {
        node.put("rule", finding.rule()).put("severity", finding.severity().label()).put("title", finding.title())
                .put("explanation", finding.explanation());
        if (!Double.isNaN(finding.timeNs())) {
            node.put("time_ns", finding.timeNs()).put("of_ns", finding.ofNs());
        }
        finding.boundNs().ifPresent(bound -> node.put("at_most_ns", bound));
        ArrayNode evidence = node.putArray("evidence");
        for (Evidence e : finding.evidence()) {
            ObjectNode figure = evidence.addObject().put("label", e.label()).put("unit", e.unit().symbol());
            if (Double.isFinite(e.value())) {
                figure.put("value", e.value());
            }
            figure.put("formula", e.formula());
        }
        ArrayNode techniques = node.putArray("techniques");
        finding.techniques().forEach(techniques::add);
        ArrayNode occurrences = node.putArray("occurrences");
        for (Occurrence o : finding.occurrences()) {
            place(occurrences.addObject().put("label", o.label()).put("ns", o.ns()), o.place());
        }
    }

    private static void place(ObjectNode node, Place place) {
        switch (place) {
            case Place.Span(int event, long from, long to) ->
                node.put("event", event).put("from_ns", from).put("to_ns", to);
            case Place.Event(int event) -> node.put("event", event);
            case Place.Operation(String layer, String phase, String operation) ->
                node.put("layer", layer).put("phase", phase).put("operation", operation);
            case Place.Nowhere _ -> {
            }
        }
    }
}
