package org.moelab.app.timeline;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/// The glyphs of a font at one size in pixels, each drawn once and then copied: text at the cost of its pixels.
/// Safe for use by any number of threads.
final class GlyphAtlas {
    private static final int DIRECT = 0x250;
    private static final int ELLIPSIS = '…';

    private final Font font;
    private final Font fallback;
    private final FontRenderContext context = new FontRenderContext(null, true, false);
    /// Racing threads draw equal glyphs.
    private final @Nullable Glyph[] direct = new Glyph[DIRECT];
    private final Map<Integer, Glyph> others = new ConcurrentHashMap<>();
    private final int capHeight;

    /// A glyph's coverage, row by row, 0 to 255.
    @SuppressWarnings("ArrayRecordComponent") // a frozen bitmap, never compared
    private record Glyph(int left, int top, int width, int height, int advance, byte[] coverage) {}

    /// What text is painted into: pixels as `0xFFRRGGBB`, and the part of them that may change.
    @SuppressWarnings("ArrayRecordComponent") // a view of a picture, never compared
    record Target(int[] pixels, int stride, int left, int top, int right, int bottom) {
        /// The same picture with less of it free to change.
        Target within(int left, int top, int right, int bottom) {
            return new Target(pixels, stride, Math.max(this.left, left), Math.max(this.top, top),
                    Math.min(this.right, right), Math.min(this.bottom, bottom));
        }
    }

    GlyphAtlas(Font font) {
        this.font = font;
        this.fallback = new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(font.getSize2D());
        this.capHeight = glyph('H').height();
    }

    /// The height of a capital letter, to centre a line of text by.
    int capHeight() {
        return capHeight;
    }

    /// The width of a text.
    int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            width += glyph(text.codePointAt(i)).advance();
        }
        return width;
    }

    /// Whether a text fits into a width. Looks no further than it must.
    boolean fits(String text, int width) {
        int taken = 0;
        for (int i = 0; i < text.length() && taken <= width; i += Character.charCount(text.codePointAt(i))) {
            taken += glyph(text.codePointAt(i)).advance();
        }
        return taken <= width;
    }

    /// Draws a text, cut off with an ellipsis where it does not fit; nothing where too little of it would be left.
    ///
    /// @param x left edge
    /// @param baseline of the line
    /// @param width what it may take
    void draw(Target target, String text, int x, int baseline, int width, int argb) {
        int ellipsis = glyph(ELLIPSIS).advance();
        int taken = 0;
        int cut = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            taken += glyph(text.codePointAt(i)).advance();
            if (taken > width) {
                if (cut >= Look.FEWEST_LETTERS) {
                    int end = drawAll(target, text, cut, x, baseline, argb);
                    blend(target, glyph(ELLIPSIS), end, baseline, argb);
                }
                return;
            }
            if (taken + ellipsis <= width) {
                cut = i + Character.charCount(text.codePointAt(i));
            }
        }
        drawAll(target, text, text.length(), x, baseline, argb);
    }

    private int drawAll(Target target, String text, int end, int x, int baseline, int argb) {
        int pen = x;
        for (int i = 0; i < end; i += Character.charCount(text.codePointAt(i))) {
            Glyph glyph = glyph(text.codePointAt(i));
            blend(target, glyph, pen, baseline, argb);
            pen += glyph.advance();
        }
        return pen;
    }

    private static void blend(Target target, Glyph glyph, int pen, int baseline, int argb) {
        int x0 = Math.max(target.left(), pen + glyph.left());
        int x1 = Math.min(target.right(), pen + glyph.left() + glyph.width());
        int y0 = Math.max(target.top(), baseline + glyph.top());
        int y1 = Math.min(target.bottom(), baseline + glyph.top() + glyph.height());
        for (int y = y0; y < y1; y++) {
            int from = (y - baseline - glyph.top()) * glyph.width() - pen - glyph.left();
            int row = y * target.stride();
            for (int x = x0; x < x1; x++) {
                int coverage = glyph.coverage()[from + x] & 0xFF;
                if (coverage != 0) {
                    target.pixels()[row + x] = mix(target.pixels()[row + x], argb, coverage);
                }
            }
        }
    }

    /// A colour between two opaque ones: the first at 0, the second at 255.
    static int mix(int from, int to, int part) {
        int rest = 255 - part;
        int redBlue = (from & 0xFF00FF) * rest + (to & 0xFF00FF) * part + 0x800080;
        int green = (from >> 8 & 0xFF) * rest + (to >> 8 & 0xFF) * part + 0x80;
        redBlue = redBlue + (redBlue >>> 8 & 0xFF00FF) >>> 8 & 0xFF00FF;
        green = green + (green >>> 8) >>> 8;
        return 0xFF000000 | redBlue | green << 8;
    }

    private Glyph glyph(int codePoint) {
        if (codePoint >= DIRECT) {
            return others.computeIfAbsent(codePoint, this::draw);
        }
        Glyph glyph = direct[codePoint];
        if (glyph == null) {
            glyph = draw(codePoint);
            direct[codePoint] = glyph;
        }
        return glyph;
    }

    private Glyph draw(int codePoint) {
        Font face = font.canDisplay(codePoint) ? font : fallback;
        String shown = Character.isISOControl(codePoint) ? " " : Character.toString(codePoint);
        GlyphVector vector = face.createGlyphVector(context, shown);
        Rectangle box = vector.getPixelBounds(context, 0, 0);
        int advance = Math.round(vector.getGlyphMetrics(0).getAdvanceX());
        if (box.isEmpty()) {
            return new Glyph(0, 0, 0, 0, advance, new byte[0]);
        }
        BufferedImage image = new BufferedImage(box.width, box.height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_OFF);
        g.setColor(Color.WHITE);
        g.drawGlyphVector(vector, -box.x, -box.y);
        g.dispose();
        byte[] coverage = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        return new Glyph(box.x, box.y, box.width, box.height, advance, coverage);
    }
}
