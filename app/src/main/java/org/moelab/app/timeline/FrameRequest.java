package org.moelab.app.timeline;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// All that decides what a frame shows. Sizes are in logical pixels.
///
/// @param source the trace
/// @param layout its rows
/// @param view the times in view
/// @param scrollY how much of the rows' height is scrolled away at the top
/// @param size the picture's size
/// @param selected the selected event
/// @param highlight name of the kernel whose launches stand out, as an index into the trace's strings
/// @param area the selected part
/// @param marks marked moments
/// @param anchor the moment on which the timeline is aligned with another, on the trace's own clock
public record FrameRequest(TimelineSource source, RowLayout layout, Viewport view, double scrollY, Size size,
        OptionalInt selected, OptionalInt highlight, Optional<Area> area, List<Mark> marks, OptionalLong anchor) {
    /// Height of the strip that shows the whole trace.
    public static final double OVERVIEW_HEIGHT = 20;
    /// Height of that strip and the ruler under it: where the rows begin.
    public static final double HEADER_HEIGHT = OVERVIEW_HEIGHT + 28;

    /// @param width of the whole picture
    /// @param height of the whole picture
    /// @param gutter width of the captions at the left
    public record Size(double width, double height, double gutter) {
        /// Width of what lies right of the captions.
        public double plotWidth() {
            return Math.max(1, width - gutter);
        }

        /// Height of what lies below the ruler.
        public double rowsHeight() {
            return Math.max(0, height - HEADER_HEIGHT);
        }
    }

    public FrameRequest {
        marks = List.copyOf(marks);
    }

    /// The horizontal place of a moment of the trace's own clock.
    double x(long timeNs) {
        return size.gutter() + view.fractionOf((double) (timeNs - source.trace().startNs())) * size.plotWidth();
    }

    /// The vertical place of a height counted from the first row's top. Rows above all others do not scroll.
    double y(double top) {
        return HEADER_HEIGHT + top - (top < layout.pinnedHeight() ? 0 : scrollY);
    }

    /// The height, counted from the first row's top, of what is seen at a vertical place.
    double rowsY(double y) {
        double below = y - HEADER_HEIGHT;
        return below + (below < layout.pinnedHeight() ? 0 : scrollY);
    }

    /// Where the rows that scroll begin.
    double scrolledTop() {
        return HEADER_HEIGHT + layout.pinnedHeight();
    }

    /// How far from the left edge of the times in view a horizontal place lies, 0 to 1.
    double plotFraction(double x) {
        return Math.clamp((x - size.gutter()) / size.plotWidth(), 0, 1);
    }

    /// The moment of the trace at a horizontal place, on its own clock.
    long timeNear(double x) {
        double time = Math.clamp(view.timeAt(plotFraction(x)), 0, source.lengthNs());
        return source.trace().startNs() + Math.round(time);
    }
}
