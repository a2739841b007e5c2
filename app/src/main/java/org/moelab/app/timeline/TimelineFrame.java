package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One picture of the timeline, ready to be painted: only what is in view, folded to what a pixel can show, in logical
/// pixels from the picture's top left corner. Made by [FrameBuilder]; free of colours.
///
/// @param request what was asked for
/// @param rows the rows in view
/// @param bars the bars in view, row by row
/// @param counters the counters in view
/// @param overview how busy the whole trace is
/// @param scale the ruler
/// @param outline the selected event, where it is in view
/// @param arrows from calls to the device work that they launched
public record TimelineFrame(FrameRequest request, List<RowBand> rows, List<Bar> bars, List<CounterCurve> counters,
        Overview overview, TimeScale scale, Optional<Box> outline, List<Arrow> arrows) {
    /// How many slices all bars hold.
    public int sliceCount() {
        return bars.stream().mapToInt(b -> b.slices().size()).sum();
    }

    /// A row in view.
    ///
    /// @param pinned whether it stands above those that scroll
    record RowBand(Row row, RowState state, double top, double height, boolean pinned) {
        /// Whether it shows any of the rows from one id to before another.
        boolean shows(int fromRow, int toRow) {
            int end = state == RowState.FOLDED ? row.end() : row.id() + 1;
            return row.id() < toRow && end > fromRow;
        }
    }

    /// From one vertical place to another.
    record Stretch(double top, double bottom) {}

    /// Where the rows of a part of the timeline are in view, the touching ones as one, those above all others apart.
    List<Stretch> stretches(Area area) {
        List<Stretch> found = new ArrayList<>();
        boolean open = false;
        boolean pinned = false;
        for (RowBand band : rows) {
            boolean within = band.shows(area.fromRow(), area.toRow());
            if (within) {
                boolean goesOn = open && pinned == band.pinned();
                double top = goesOn ? found.removeLast().top() : visibleTop(band);
                found.add(new Stretch(top, band.top() + band.height()));
            }
            open = within;
            pinned = band.pinned();
        }
        return List.copyOf(found);
    }

    /// Where a row begins to be seen.
    double visibleTop(RowBand band) {
        return Math.max(band.top(), band.pinned() ? FrameRequest.HEADER_HEIGHT : request.scrolledTop());
    }

    /// How slices are coloured.
    enum Look {
        /// By their family of work.
        WORK,
        /// As ranges that a person named, such as NVTX's.
        ANNOTATION,
        /// As ranges that a framework named.
        RANGE
    }

    /// A bar of a row: slices at one height.
    ///
    /// @param band index of its row in [#rows()]
    /// @param look how the slices are coloured
    /// @param labelled whether names are written into the slices
    record Bar(int band, double top, double height, Look look, boolean labelled, Slices slices) {}

    /// A counter: the least and greatest value of each pixel, 0 at the bottom of the row and 1 at its top; NaN where it
    /// has no value yet.
    ///
    /// @param band index of its row in [#rows()]
    @SuppressWarnings("ArrayRecordComponent") // painted and dropped, never compared
    record CounterCurve(int band, float[] least, float[] greatest) {}

    /// An event that stands out.
    record Box(double left, double top, double right, double bottom) {}

    /// A link between events, from its beginning to its end.
    record Arrow(double fromX, double fromY, double toX, double toY) {
        /// How many straight pieces the curve is drawn with.
        static final int PIECES = 24;

        /// Horizontal place on the curve, which leaves and arrives vertically.
        ///
        /// @param piece 0 at the beginning, [#PIECES] at the end
        double x(int piece) {
            double t = (double) piece / PIECES;
            return fromX + (toX - fromX) * t * t * (3 - 2 * t);
        }

        /// Vertical place on the curve.
        ///
        /// @param piece 0 at the beginning, [#PIECES] at the end
        double y(int piece) {
            double t = (double) piece / PIECES;
            double middle = (fromY + toY) / 2;
            double u = 1 - t;
            return u * u * u * fromY + 3 * u * t * middle + t * t * t * toY;
        }
    }
}
