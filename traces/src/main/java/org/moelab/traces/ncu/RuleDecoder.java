package org.moelab.traces.ncu;

import java.util.List;
import java.util.Optional;

import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.RuleResult.FocusMetric;
import org.moelab.traces.model.RuleResult.Marker;
import org.moelab.traces.model.RuleResult.Message;
import org.moelab.traces.model.RuleResult.Scope;
import org.moelab.traces.model.RuleResult.Severity;
import org.moelab.traces.model.RuleResult.Speedup;
import org.moelab.traces.ncu.proto.Rule;
import org.moelab.traces.ncu.proto.RuleItem;
import org.moelab.traces.ncu.proto.RuleMessage;

/// Turns rule messages into the model. The file's numbers of kinds are those of the tool's rule interface, which the
/// model's kinds are declared in the order of.
final class RuleDecoder {
    private static final RuleResult.Type[] TYPES = RuleResult.Type.values();
    private static final Scope[] SCOPES = Scope.values();
    private static final Severity[] SEVERITIES = Severity.values();

    private RuleDecoder() {
    }

    static RuleResult rule(Rule rule) {
        List<Message> messages = rule.getBody().getItemsList().stream().filter(RuleItem::hasMessage)
                .map(RuleDecoder::message).toList();
        List<Marker> markers = rule.getMarkersList().stream()
                .map(m -> new Marker(m.getAddress(), m.getFile(), m.getLine(), m.getMessage())).toList();
        return new RuleResult(rule.getIdentifier(), rule.getName(), rule.getSection(), messages, markers);
    }

    private static Message message(RuleItem item) {
        RuleMessage message = item.getMessage();
        List<FocusMetric> focus = item.getFocusMetricsList().stream().map(f -> new FocusMetric(f.getMetric(),
                f.getValue(), pick(SEVERITIES, f.getSeverity()), f.getInfo())).toList();
        Optional<Speedup> speedup = item.hasSpeedup()
                ? Optional.of(new Speedup(pick(SCOPES, item.getSpeedup().getScope()), item.getSpeedup().getPercent()))
                : Optional.empty();
        return new Message(pick(TYPES, message.getType()), message.getTitle(), message.getText(), focus, speedup);
    }

    /// A number that is not known stands for the first kind.
    private static <T> T pick(T[] kinds, int number) {
        return number >= 0 && number < kinds.length ? kinds[number] : kinds[0];
    }
}
