package org.moelab.app.export;

import java.awt.Graphics2D;

import org.moelab.app.theme.Palette;

/// A picture that can be drawn at any size, on any surface: a bitmap, an SVG or a PDF page.
/// Drawing needs no toolkit and no display.
public interface Figure {
    /// What the picture shows, in a few words; the heading of an exported file.
    String title();

    /// The width in which it looks best, in points (1/72 inch; one pixel at scale 1).
    double preferredWidth();

    /// The height in which it looks best, in points.
    double preferredHeight();

    /// Draws into the rectangle from (0, 0) to (`width`, `height`), its ground included. The title is not drawn:
    /// whoever places the picture captions it. Text is drawn as text, with the fonts of [org.moelab.app.theme.Fonts].
    ///
    /// @param g a surface in points, that the caller disposes of
    /// @param palette the colours to draw with, whatever theme the window has
    void draw(Graphics2D g, double width, double height, Palette palette);
}
