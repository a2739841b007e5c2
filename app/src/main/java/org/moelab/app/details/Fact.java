package org.moelab.app.details;

import java.util.List;
import java.util.OptionalInt;

/// A figure or a text with its name.
///
/// @param label what it is
/// @param value the figure with its unit, or the text
/// @param explanation the formula, or where it comes from; shown on demand
/// @param leadsTo the event that it speaks of, where it speaks of another one
public record Fact(String label, String value, String explanation, OptionalInt leadsTo) {
    /// A fact that leads nowhere.
    public static Fact of(String label, String value, String explanation) {
        return new Fact(label, value, explanation, OptionalInt.empty());
    }

    /// A fact about another event.
    public static Fact leading(String label, String value, String explanation, int event) {
        return new Fact(label, value, explanation, OptionalInt.of(event));
    }

    /// Facts that belong together.
    ///
    /// @param title what they have in common
    public record Group(String title, List<Fact> facts) {
        public Group {
            facts = List.copyOf(facts);
        }
    }
}
