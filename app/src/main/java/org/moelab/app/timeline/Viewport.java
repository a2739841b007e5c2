package org.moelab.app.timeline;

import org.moelab.app.selection.TimeRange;

/// The span of time in view, in ns since the start of the trace. Fractions keep zooming smooth where a pixel is less
/// than a nanosecond.
///
/// @param fromNs time at the left edge
/// @param toNs time at the right edge, later than `fromNs`
public record Viewport(double fromNs, double toNs) {
    /// The shortest span that can be looked at.
    public static final double MIN_SPAN_NS = 20;
    /// How much empty time may stand beside the trace, as a part of the span.
    private static final double MARGIN = 0.02;

    public Viewport {
        if (!(toNs > fromNs)) {
            throw new IllegalArgumentException("a view from " + fromNs + " to " + toNs);
        }
    }

    /// The view of a whole trace with a little room beside it.
    ///
    /// @param lengthNs the trace's length
    public static Viewport all(double lengthNs) {
        return new Viewport(0, 1).within(Math.max(MIN_SPAN_NS, lengthNs), Double.POSITIVE_INFINITY);
    }

    /// A view of a range, with room beside it.
    ///
    /// @param originNs start of the trace on the clock of the range
    /// @param room what to leave free on each side, as a part of the range
    public static Viewport around(TimeRange range, long originNs, double room) {
        double from = range.fromNs() - originNs;
        double length = range.lengthNs();
        double span = Math.max(MIN_SPAN_NS, length * (1 + 2 * room));
        return new Viewport(from + (length - span) / 2, from + (length + span) / 2);
    }

    /// Length of the span in ns.
    public double spanNs() {
        return toNs - fromNs;
    }

    /// The time at a horizontal place.
    ///
    /// @param fraction 0 at the left edge, 1 at the right
    public double timeAt(double fraction) {
        return fromNs + fraction * spanNs();
    }

    /// The horizontal place of a time: 0 at the left edge, 1 at the right.
    public double fractionOf(double timeNs) {
        return (timeNs - fromNs) / spanNs();
    }

    /// The shortest view that holds this one and another.
    public Viewport with(Viewport other) {
        return new Viewport(Math.min(fromNs, other.fromNs), Math.max(toNs, other.toNs));
    }

    /// This view with its span multiplied; the time at the given place stays there.
    public Viewport zoomed(double factor, double atFraction) {
        double fixed = timeAt(atFraction);
        double span = Math.max(MIN_SPAN_NS, spanNs() * factor);
        return new Viewport(fixed - atFraction * span, fixed + (1 - atFraction) * span);
    }

    /// This view, moved so that a time lies in its middle.
    public Viewport centredAt(double timeNs) {
        return panned(timeNs - timeAt(0.5));
    }

    /// This view, moved.
    public Viewport panned(double deltaNs) {
        return new Viewport(fromNs + deltaNs, toNs + deltaNs);
    }

    /// This view, shortened and moved as little as needed to lie over a trace.
    ///
    /// @param lengthNs the trace's length
    public Viewport within(double lengthNs) {
        return within(Math.max(MIN_SPAN_NS, lengthNs), spanNs());
    }

    /// This view, shortened and moved as little as needed to lie over a span of time.
    public Viewport within(Viewport whole) {
        return panned(-whole.fromNs).within(whole.spanNs()).panned(whole.fromNs);
    }

    private Viewport within(double lengthNs, double wantedSpan) {
        double longest = lengthNs * (1 + 2 * MARGIN);
        double span = Math.min(wantedSpan, longest);
        double room = MARGIN * Math.min(span, lengthNs);
        double from = Math.clamp(fromNs, -room, Math.max(-room, lengthNs + room - span));
        return new Viewport(from, from + span);
    }
}
