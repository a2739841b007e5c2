package org.moelab.traces.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What one of Nsight Compute's rules found in a kernel.
///
/// @param identifier stable name, such as `SOLBottleneck`
/// @param name for people
/// @param section identifier of the section it belongs to, or its name in a CSV file
/// @param messages its findings; none where the rule had nothing to say
/// @param markers places in the code that it points at
public record RuleResult(String identifier, String name, String section, List<Message> messages,
        List<Marker> markers) {
    /// A link in a message's text: the words to show stand second in a section's, first in an address'.
    private static final Pattern SECTION_LINK = Pattern.compile("@section:[^:@]*:([^@]*)@");
    private static final Pattern ADDRESS_LINK = Pattern.compile("@(?:url|source):([^:@]*)[^@]*@");

    public RuleResult {
        messages = List.copyOf(messages);
        markers = List.copyOf(markers);
    }

    /// A finding.
    ///
    /// @param type its kind
    /// @param title a few words, empty where it has none
    /// @param text may hold `@section:ID:label@`, `@url:label:address@` and `@source:…@` links
    /// @param focus the metrics that it rests on
    /// @param speedup what following it may gain
    public record Message(Type type, String title, String text, List<FocusMetric> focus, Optional<Speedup> speedup) {
        public Message {
            focus = List.copyOf(focus);
        }

        /// The text with its links replaced by the words that they show.
        public String plainText() {
            return ADDRESS_LINK.matcher(SECTION_LINK.matcher(text).replaceAll("$1")).replaceAll("$1");
        }
    }

    /// Kinds of finding, with the codes that the tool's CSV pages print.
    public enum Type {
        NONE("", "none"), INFORMATION("INF", "information"), WARNING("WRN", "warning"), ERROR("ERR",
                "error"), OPTIMIZATION("OPT", "optimization");

        private final String code;
        private final String title;

        Type(String code, String title) {
            this.code = code;
            this.title = title;
        }

        /// Three letters, empty for [#NONE].
        public String code() {
            return code;
        }

        /// A word for people.
        public String title() {
            return title;
        }
    }

    /// A metric that a finding rests on.
    ///
    /// @param metric its name
    /// @param value its value as the rule saw it
    /// @param severity how much it matters
    /// @param info which way to move it, or the comparison that held
    public record FocusMetric(String metric, double value, Severity severity, String info) {}

    /// How much a focus metric matters.
    public enum Severity {
        DEFAULT, LOW, HIGH
    }

    /// An estimate of what following a finding may gain.
    ///
    /// @param scope what gets faster
    /// @param percent of the time
    public record Speedup(Scope scope, double percent) {}

    /// What a speedup is of.
    public enum Scope {
        UNKNOWN("unknown"),
        /// The part of the hardware that the rule looks at.
        LOCAL("local"),
        /// The kernel as a whole.
        GLOBAL("global");

        private final String title;

        Scope(String title) {
            this.title = title;
        }

        /// As the tool's CSV pages print it.
        public String title() {
            return title;
        }
    }

    /// A place in the code.
    ///
    /// @param address of an instruction as loaded, 0 for a source line
    /// @param file source file, empty for an instruction
    /// @param line source line, 0 for an instruction
    /// @param text what is to be said there
    public record Marker(long address, String file, int line, String text) {}
}
