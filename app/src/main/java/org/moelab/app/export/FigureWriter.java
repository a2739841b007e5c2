package org.moelab.app.export;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.export.WholeFile;

/// Writes a figure under its title and caption as PNG, SVG or PDF, whole or not at all. Needs no toolkit.
///
/// @param palette the colours to draw with
/// @param width the picture's width in points
/// @param height the height of the figure itself in points; the heading comes on top
/// @param scale pixels a point of a PNG; the vector formats have none
public record FigureWriter(Palette palette, double width, double height, double scale) {
    private static final double MARGIN = 16;
    private static final double HEADING = 46;
    private static final long MOST_PIXELS = 400_000_000L;

    public FigureWriter {
        if (!(width > 0 && height > 0 && scale > 0)) {
            throw new IllegalArgumentException("a picture of " + width + " × " + height + " at scale " + scale);
        }
    }

    /// Writes a figure in the size it prefers.
    ///
    /// @param scale pixels a point of a PNG
    public static FigureWriter preferred(Figure figure, Palette palette, double scale) {
        return new FigureWriter(palette, figure.preferredWidth(), figure.preferredHeight(), scale);
    }

    /// Writes the figure in the format of the file's ending.
    ///
    /// @throws IOException where the ending is none of ours, the picture is too large, or the file cannot be written
    public void write(Figure figure, Caption caption, Path file) throws IOException {
        PictureFormat format = PictureFormat.ofFile(file).orElseThrow(
                () -> new IOException(file + ": no picture format; end the name in one of " + PictureFormat.endings()));
        switch (format) {
            case PNG -> {
                BufferedImage image = image(figure, caption);
                WholeFile.writeBytes(file, out -> PngFile.write(image, figure.title(), caption, out));
            }
            case SVG -> WholeFile.writeText(file,
                    out -> SvgFile.write(g -> draw(figure, caption, g), pageWidth(), pageHeight(), figure.title(),
                            caption, out));
            case PDF -> WholeFile.writeBytes(file,
                    out -> PdfFile.write(g -> draw(figure, caption, g), pageWidth(), pageHeight(), figure.title(),
                            caption, out));
        }
    }

    /// The figure with title and caption as a bitmap.
    ///
    /// @throws IOException where the picture would be too large
    public BufferedImage image(Figure figure, Caption caption) throws IOException {
        double pixels = Math.ceil(pageWidth() * scale) * Math.ceil(pageHeight() * scale);
        if (pixels > MOST_PIXELS) {
            throw new IOException("a picture of " + Math.round(pixels / 1e6) + " million pixels is more than the "
                    + MOST_PIXELS / 1_000_000 + " million that are written; choose a smaller scale");
        }
        BufferedImage image = new BufferedImage((int) Math.ceil(pageWidth() * scale),
                (int) Math.ceil(pageHeight() * scale), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.scale(scale, scale);
            draw(figure, caption, g);
        } finally {
            g.dispose();
        }
        return image;
    }

    private double pageWidth() {
        return width + 2 * MARGIN;
    }

    private double pageHeight() {
        return height + HEADING + MARGIN;
    }

    private void draw(Figure figure, Caption caption, Graphics2D g) {
        SmoothDrawing.on(g);
        g.setColor(Palette.awt(palette.panel()));
        g.fill(new Rectangle2D.Double(0, 0, Math.ceil(pageWidth()) + 1, Math.ceil(pageHeight()) + 1));
        g.setColor(Palette.awt(palette.text()));
        g.setFont(Fonts.bold(13));
        g.drawString(figure.title(), (float) MARGIN, 21f);
        g.setColor(Palette.awt(palette.muted()));
        g.setFont(Fonts.text(10.5));
        g.drawString(caption.line(), (float) MARGIN, 37f);
        Graphics2D inner = (Graphics2D) g.create();
        try {
            inner.translate(MARGIN, HEADING);
            inner.clip(new Rectangle2D.Double(0, 0, width, height));
            figure.draw(inner, width, height, palette);
        } finally {
            inner.dispose();
        }
    }
}
