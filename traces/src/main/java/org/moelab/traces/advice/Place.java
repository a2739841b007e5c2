package org.moelab.traces.advice;

/// Where what a finding speaks of can be looked at.
public sealed interface Place {
    /// Nowhere in particular.
    enum Nowhere implements Place {
        /// The one such place.
        NOWHERE
    }

    /// A span of a timeline and the event that ends or fills it.
    ///
    /// @param event index of the event
    /// @param fromNs start on the recording's clock
    /// @param toNs end, at least `fromNs`
    record Span(int event, long fromNs, long toNs) implements Place {}

    /// An event of a timeline, or a profiled kernel of a report, by its index.
    record Event(int event) implements Place {}

    /// An operation of a layer of the ladder, in a run's report.
    ///
    /// @param layer the layer's id
    /// @param phase `prefill` or `decode`
    /// @param operation the operation's name; empty for the layer as a whole
    record Operation(String layer, String phase, String operation) implements Place {}
}
