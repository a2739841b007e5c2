package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a person added to a recording: marked moments, and rows that stand above all others.
///
/// @param marks by rising time
/// @param pins the ways to the rows, see [RowTree#path], in the order in which they stand
public record Annotations(List<Mark> marks, List<String> pins) {
    /// Nothing added.
    public static final Annotations NONE = new Annotations(List.of(), List.of());

    public Annotations {
        marks = marks.stream().sorted(Comparator.comparingLong(Mark::timeNs)).toList();
        pins = List.copyOf(pins);
    }

    /// Where annotations are kept, by the recording's identity ([TraceIdentity]).
    public interface Store {
        /// Keeps nothing.
        Store FORGETFUL = new Store() {
            @Override
            public Annotations of(String recording) {
                return NONE;
            }

            @Override
            public void keep(String recording, Annotations annotations) {
                // nothing is kept
            }
        };

        /// What was added to a recording.
        Annotations of(String recording);

        /// Keeps what was added to a recording in place of what was.
        void keep(String recording, Annotations annotations);
    }

    /// Whether nothing was added.
    public boolean isEmpty() {
        return marks.isEmpty() && pins.isEmpty();
    }

    Annotations with(Mark mark) {
        List<Mark> more = new ArrayList<>(marks);
        more.add(mark);
        return new Annotations(more, pins);
    }

    Annotations without(Mark mark) {
        return new Annotations(marks.stream().filter(m -> !m.equals(mark)).toList(), pins);
    }

    Annotations withPins(List<String> now) {
        return new Annotations(marks, now);
    }

    /// The first mark after a time.
    Optional<Mark> after(double timeNs) {
        return marks.stream().filter(m -> m.timeNs() > timeNs).findFirst();
    }

    /// The last mark before a time.
    Optional<Mark> before(double timeNs) {
        return marks.reversed().stream().filter(m -> m.timeNs() < timeNs).findFirst();
    }
}
