package org.moelab.app.timeline;

import java.util.Arrays;

import org.moelab.app.timeline.TimelineColors.Swatch;

/// What a bar shows, column by column: one colour from its top down to an edge, and from there on another, that of several
/// events folded into one. Room for one bar after the other.
final class BarLines {
    private final int[] above;
    private final int[] below;
    /// Of each column the first row that shows what is below: the bar's bottom where nothing was folded.
    private final int[] edge;
    private int bottom;
    /// The rows from the highest edge to the lowest: above them all columns show one line, under them the other.
    private int highest;
    private int lowest;

    /// @param width pixels a row
    BarLines(int width) {
        above = new int[width];
        below = new int[width];
        edge = new int[width];
    }

    /// Begins a bar.
    ///
    /// @param ground what the bar's row shows
    /// @param bottom where the bar ends
    BarLines over(int[] ground, int bottom) {
        this.bottom = bottom;
        System.arraycopy(ground, 0, above, 0, above.length);
        Arrays.fill(edge, bottom);
        highest = bottom;
        lowest = Integer.MIN_VALUE;
        return this;
    }

    /// Adds an event, as high as the bar.
    void fill(int left, int right, Swatch swatch) {
        int end = Math.min(right, above.length);
        for (int x = left; x < end; x++) {
            above[x] = swatch.fill();
        }
        if (end - left >= 3) {
            above[end - 1] = swatch.edge();
        }
    }

    /// Adds several events, lower than the bar. They cover what else is there.
    ///
    /// @param height how high they stand, at least a pixel
    void fold(int left, int right, int height, int argb) {
        int end = Math.min(right, above.length);
        int top = bottom - Math.max(1, height);
        for (int x = left; x < end; x++) {
            below[x] = argb;
            edge[x] = top;
        }
        highest = Math.min(highest, top);
        lowest = Math.max(lowest, top);
    }

    /// Paints the bar.
    ///
    /// @param left the first column that may change
    /// @param top where the bar begins
    void paint(PixelCanvas row, int left, int top) {
        int from = Math.min(left, above.length);
        row.copyRows(above, from, above.length, top, highest);
        if (highest < bottom) {
            row.copySkyline(above, below, edge, from, highest, lowest);
            for (int x = from; x < above.length; x++) {
                below[x] = edge[x] < bottom ? below[x] : above[x];
            }
            row.copyRows(below, from, above.length, lowest, bottom);
        }
    }
}
