package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.moelab.traces.model.Unit;

/// Sizes that both painters share, in logical pixels.
final class Look {
    /// Text in bars.
    static final double LABEL_TEXT = 11;
    /// Text at the left of rows.
    static final double CAPTION_TEXT = 12;
    /// Figures on the ruler.
    static final double FIGURES_TEXT = 11;
    /// From the picture's left edge to the triangle of a row at the top of the tree.
    static final double MARGIN = 8;
    /// How much further right each level of the tree stands.
    static final double INDENT = 12;
    /// From a row's triangle to its caption.
    static final double TRIANGLE_ROOM = 14;
    /// Between a bar's edge and its label.
    static final double LABEL_PADDING = 4;
    /// Bars narrower than this carry no label.
    static final double LABELLED_WIDTH = 26;
    /// A text cut shorter than this says nothing and is left out.
    static final int FEWEST_LETTERS = 4;
    /// Where captions end before the gutter does.
    static final double CAPTION_GAP = 8;
    /// Length of a ruler's labelled tick.
    static final double TICK = 6;
    /// From a caption down to the note under it.
    static final double NOTE_DROP = 15;
    /// The middle of the ruler's line of text.
    static final double RULER_MIDDLE = FrameRequest.OVERVIEW_HEIGHT + 11;
    /// What stays free above and below the bars of the strip that shows the whole trace.
    static final double OVERVIEW_PADDING = 3;
    /// The window on that strip is never narrower.
    static final double OVERVIEW_WINDOW = 4;
    /// What stays free above and below a counter's curve.
    static final double COUNTER_PADDING = 3;
    /// How strongly a selected area is tinted, 0 to 255.
    static final int AREA_TINT = 28;
    /// How strongly the window on the strip that shows the whole trace is tinted, 0 to 255.
    static final int WINDOW_TINT = 50;

    /// Half the width of a mark's sign on the ruler.
    static final double MARK_REACH = 5;

    /// How strongly the line is drawn on which two timelines are aligned, 0 to 255.
    static final int ANCHOR_TINT = 150;

    /// From one horizontal place to another.
    record Span(double from, double to) {}

    private Look() {
    }

    /// Width of the stripe at the left of rows that stand above all others.
    static final double PIN_STRIPE = 3;
    /// A mark's note takes no more room on the ruler.
    static final double LONGEST_NOTE = 180;
    /// What stays free between the edge of a mark's note and its text.
    static final double FLAG_PADDING = 4;

    /// What is written on the ruler at a mark.
    ///
    /// @param mark the mark
    /// @param x where the mark is
    /// @param left where its text's ground begins
    /// @param right where that ends, equal to `left` where there is no room for a text
    record Flag(Mark mark, double x, double left, double right) {}

    /// The marks in view with what room their texts have: one never covers another, and none stands apart from its mark.
    ///
    /// @param measure the width of a text
    static List<Flag> flags(FrameRequest request, ToDoubleFunction<String> measure) {
        List<Flag> flags = new ArrayList<>();
        double free = request.size().gutter();
        double end = request.size().width();
        for (int i = 0; i < request.marks().size(); i++) {
            Mark mark = request.marks().get(i);
            double x = request.x(mark.timeNs());
            if (x < request.size().gutter() || x >= end) {
                continue;
            }
            double wanted = Math.min(LONGEST_NOTE, measure.applyAsDouble(mark.text()) + 2 * FLAG_PADDING);
            double left = Math.max(free, Math.min(x - wanted / 2, end - wanted));
            double next = i + 1 < request.marks().size() ? request.x(request.marks().get(i + 1).timeNs()) : end;
            double right = Math.min(left + wanted, Math.max(x, Math.min(end, next - MARK_REACH)));
            boolean stands = left <= x && right - left >= Math.min(wanted, LABELLED_WIDTH + 2 * FLAG_PADDING);
            flags.add(new Flag(mark, x, left, stands ? right : left));
            free = stands ? right + 2 : free;
        }
        return flags;
    }

    /// Where the triangle of a row stands.
    static double triangleX(Row row) {
        return MARGIN + row.level() * INDENT;
    }

    /// Where the caption of a row begins.
    static double captionX(Row row) {
        return triangleX(row) + TRIANGLE_ROOM;
    }

    /// The middle of the line of a row's caption.
    static double captionMiddle(TimelineFrame.RowBand band) {
        return band.top() + Math.min(band.height(), RowLayout.LANE_PITCH + 6) / 2;
    }

    /// What is written under a row's caption: how many of its levels are hidden, or what its curve's top stands for.
    static String note(TimelineFrame.RowBand band) {
        Row row = band.row();
        int shown = row.shownLanes(band.state());
        if (row.isCounter() && band.state() != RowState.FOLDED) {
            return row.counters().getFirst().scale();
        }
        return band.state() != RowState.FOLDED && shown < row.lanes() ? shown + " of " + row.lanes() + " levels" : "";
    }

    /// Where the times in view lie on the strip that shows the whole trace.
    static Span overviewWindow(FrameRequest request) {
        double scale = request.size().plotWidth() / request.source().lengthNs();
        double from = Math.clamp(request.view().fromNs() * scale, 0, request.size().plotWidth());
        double to = Math.clamp(request.view().toNs() * scale, 0, request.size().plotWidth());
        double missing = Math.max(0, OVERVIEW_WINDOW - (to - from)) / 2;
        return new Span(request.size().gutter() + from - missing, request.size().gutter() + to + missing);
    }

    /// Where a moment lies on the strip that shows the whole trace.
    static double overviewX(FrameRequest request, long timeNs) {
        double since = (double) (timeNs - request.source().trace().startNs());
        return request.size().gutter() + since / request.source().lengthNs() * request.size().plotWidth();
    }

    /// What is written beside the strip that shows the whole trace.
    static String length(FrameRequest request) {
        return Unit.NANOSECONDS.format(request.source().lengthNs()) + " in all";
    }

    /// What is written beside the ruler.
    static String span(FrameRequest request) {
        return Unit.NANOSECONDS.format(request.view().spanNs()) + " in view";
    }
}
