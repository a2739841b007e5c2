package org.moelab.app.export;

import java.io.IOException;

import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.moelab.app.theme.Palette;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;

/// Figures as vector drawings to be placed on the pages of one PDF document, which embeds their typefaces once.
public final class PdfFigures {
    private final PDDocument document;
    private final PdfBoxGraphics2DFontTextDrawer typefaces;

    /// @throws IOException where a typeface cannot be read
    public PdfFigures(PDDocument document) throws IOException {
        this.document = document;
        this.typefaces = PdfFile.typefaces();
    }

    /// Draws a figure.
    ///
    /// @param width of the drawing in points
    /// @param height of the drawing in points
    /// @throws IOException where the document takes no more
    public PDFormXObject draw(Figure figure, Palette palette, double width, double height) throws IOException {
        PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, (float) width, (float) height);
        g.setFontTextDrawer(typefaces);
        SmoothDrawing.on(g);
        figure.draw(g, width, height, palette);
        g.dispose();
        return g.getXFormObject();
    }
}
