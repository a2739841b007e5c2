package org.moelab.app.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.GregorianCalendar;

import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.moelab.app.theme.Fonts;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;

/// One page in the drawing's size, with the typefaces embedded.
final class PdfFile {
    private PdfFile() {
    }

    static void write(Drawing drawing, double width, double height, String title, Caption caption, OutputStream out)
            throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle((float) width, (float) height));
            document.addPage(page);
            PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, (float) width, (float) height);
            g.setFontTextDrawer(typefaces());
            drawing.onto(g);
            g.dispose();
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawForm(g.getXFormObject());
            }
            document.setDocumentInformation(information(title, caption));
            document.save(out);
        }
    }

    static PdfBoxGraphics2DFontTextDrawer typefaces() throws IOException {
        PdfBoxGraphics2DFontTextDrawer drawer = new PdfBoxGraphics2DFontTextDrawer();
        for (Fonts.Face face : Fonts.Face.values()) {
            try (InputStream in = face.open()) {
                drawer.registerFont(Fonts.of(face, 1).getFontName(), in);
            }
        }
        return drawer;
    }

    private static PDDocumentInformation information(String title, Caption caption) {
        PDDocumentInformation information = new PDDocumentInformation();
        information.setTitle(title);
        information.setSubject(caption.line());
        information.setCreator("MoE Lab");
        Calendar date = GregorianCalendar.from(caption.date().atStartOfDay(ZoneOffset.UTC));
        information.setCreationDate(date);
        return information;
    }
}
