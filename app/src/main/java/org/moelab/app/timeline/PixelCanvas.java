package org.moelab.app.timeline;

import java.util.Arrays;

/// Opaque pixels, `0xFFRRGGBB`, and the shapes that the timeline is made of. Whatever lies outside is cut off.
/// Several threads may draw into rows of pixels of their own.
@SuppressWarnings("ArrayRecordComponent") // a view of a picture, never compared
record PixelCanvas(int[] pixels, int width, int height, int clipTop, int clipBottom) {
    PixelCanvas(int[] pixels, int width, int height) {
        this(pixels, width, height, 0, height);
    }

    /// The same pixels with only some of their rows free to change.
    PixelCanvas within(int top, int bottom) {
        return new PixelCanvas(pixels, width, height, Math.max(clipTop, top), Math.min(clipBottom, bottom));
    }

    /// Where text may be drawn.
    GlyphAtlas.Target target(int left, int right) {
        return new GlyphAtlas.Target(pixels, width, Math.max(0, left), clipTop, Math.min(width, right), clipBottom);
    }

    /// Copies a line of pixels into rows.
    void copyRows(int[] line, int top, int bottom) {
        for (int y = Math.max(clipTop, top); y < Math.min(clipBottom, bottom); y++) {
            System.arraycopy(line, 0, pixels, y * width, width);
        }
    }

    /// Copies a part of a line of pixels into rows.
    void copyRows(int[] line, int left, int right, int top, int bottom) {
        for (int y = Math.max(clipTop, top); y < Math.min(clipBottom, bottom); y++) {
            System.arraycopy(line, left, pixels, y * width + left, right - left);
        }
    }

    /// Fills rows so that each column shows one line's colour above its edge, and another line's from there on.
    ///
    /// @param edge of each column the first row that is below
    void copySkyline(int[] above, int[] below, int[] edge, int left, int top, int bottom) {
        int[] to = pixels;
        int from = Math.max(0, left);
        for (int y = Math.max(clipTop, top); y < Math.min(clipBottom, bottom); y++) {
            int at = y * width;
            for (int x = from; x < width; x++) {
                // all bits set where this row is above: a branch would keep the processor from taking several columns at once
                int isAbove = y - edge[x] >> 31;
                to[at + x] = above[x] & isAbove | below[x] & ~isAbove;
            }
        }
    }

    /// Fills a rectangle.
    void fill(int left, int top, int right, int bottom, int argb) {
        int x0 = Math.max(0, left);
        int x1 = Math.min(width, right);
        if (x0 >= x1) {
            return;
        }
        for (int y = Math.max(clipTop, top); y < Math.min(clipBottom, bottom); y++) {
            Arrays.fill(pixels, y * width + x0, y * width + x1, argb);
        }
    }

    /// Tints a rectangle.
    ///
    /// @param part of the colour, 0 to 255
    void tint(int left, int top, int right, int bottom, int argb, int part) {
        int x1 = Math.min(width, right);
        for (int y = Math.max(clipTop, top); y < Math.min(clipBottom, bottom); y++) {
            for (int x = Math.max(0, left); x < x1; x++) {
                blend(x, y, argb, part);
            }
        }
    }

    /// Draws a frame along the inside of a rectangle's edges.
    void frame(int left, int top, int right, int bottom, int thickness, int argb) {
        fill(left, top, right, top + thickness, argb);
        fill(left, bottom - thickness, right, bottom, argb);
        fill(left, top, left + thickness, bottom, argb);
        fill(right - thickness, top, right, bottom, argb);
    }

    /// Fills a triangle that points right or down, as rows have to be opened and closed.
    void triangle(int left, int top, int size, boolean down, int argb) {
        for (int i = 0; i < size; i++) {
            int half = size / 2 - Math.abs(i - size / 2);
            if (down) {
                fill(left + i, top + size / 4, left + i + 1, top + size / 4 + half + 1, argb);
            } else {
                fill(left + size / 4, top + i, left + size / 4 + half + 1, top + i + 1, argb);
            }
        }
    }

    /// Draws a straight line with soft edges.
    void line(double x0, double y0, double x1, double y1, double thickness, int argb) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = Math.hypot(dx, dy);
        // no line reaches further beside its ends than its own thickness and a soft pixel
        double beside = thickness + 2;
        if (length == 0 || Math.max(y0, y1) + beside < clipTop || Math.min(y0, y1) - beside > clipBottom) {
            return;
        }
        boolean steep = Math.abs(dy) >= Math.abs(dx);
        double slope = steep ? dx / dy : dy / dx;
        double reach = thickness / 2 * length / Math.max(Math.abs(dx), Math.abs(dy)) + 0.5;
        double begin = steep ? Math.min(y0, y1) : Math.min(x0, x1);
        double end = steep ? Math.max(y0, y1) : Math.max(x0, x1);
        int first = (int) Math.max(steep ? clipTop : 0, Math.floor(begin));
        int last = (int) Math.min(steep ? clipBottom : width, Math.ceil(end));
        int stepAcross = steep ? 1 : width;
        int leastAcross = steep ? 0 : clipTop;
        int mostAcross = (steep ? width : clipBottom) - 1;
        for (int along = first; along < last; along++) {
            double centre = steep ? x0 + (along + 0.5 - y0) * slope : y0 + (along + 0.5 - x0) * slope;
            int from = Math.max(leastAcross, (int) Math.floor(centre - reach));
            int to = Math.min(mostAcross, (int) Math.floor(centre + reach));
            int at = (steep ? along * width : along) + from * stepAcross;
            for (int across = from; across <= to; across++) {
                double part = Math.min(1, reach - Math.abs(across + 0.5 - centre));
                if (part > 0) {
                    pixels[at] = GlyphAtlas.mix(pixels[at], argb, (int) (255 * part));
                }
                at += stepAcross;
            }
        }
    }

    private void blend(int x, int y, int argb, int part) {
        pixels[y * width + x] = GlyphAtlas.mix(pixels[y * width + x], argb, part);
    }
}
