package org.moelab.app.timeline;

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

    /// From one horizontal place to another.
    record Span(double from, double to) {}

    private Look() {
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
        return band.state() == RowState.OPEN && shown < row.lanes() ? shown + " of " + row.lanes() + " levels" : "";
    }

    /// Where the times in view lie on the strip that shows the whole trace.
    static Span overviewWindow(FrameRequest request) {
        double scale = request.size().plotWidth() / request.source().lengthNs();
        double from = Math.max(0, request.view().fromNs() * scale);
        double to = Math.min(request.size().plotWidth(), request.view().toNs() * scale);
        double missing = Math.max(0, OVERVIEW_WINDOW - (to - from)) / 2;
        return new Span(request.size().gutter() + from - missing, request.size().gutter() + to + missing);
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
