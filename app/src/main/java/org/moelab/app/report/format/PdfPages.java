package org.moelab.app.report.format;

import java.awt.Font;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.util.Matrix;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Fonts.Face;
import org.moelab.app.theme.Palette;

import javafx.scene.paint.Color;

/// A4 pages that are filled from top to bottom. Places are in points from the upper left corner.
final class PdfPages implements AutoCloseable {
    static final double WIDTH = PDRectangle.A4.getWidth();
    static final double HEIGHT = PDRectangle.A4.getHeight();
    static final double LEFT = 42;
    static final double RIGHT = WIDTH - 42;
    static final double TOP = 46;
    static final double BOTTOM = HEIGHT - 50;

    private final PDDocument document;
    private final Map<Face, PDType0Font> fonts = new EnumMap<>(Face.class);
    private PDPage page = new PDPage(PDRectangle.A4);
    private PDPageContentStream content;
    private double y = TOP;

    /// Text of one typeface.
    private record Run(Face face, String text) {}

    PdfPages(PDDocument document) throws IOException {
        this.document = document;
        for (Face face : Face.values()) {
            try (InputStream in = face.open()) {
                fonts.put(face, PDType0Font.load(document, in, true));
            }
        }
        document.addPage(page);
        content = new PDPageContentStream(document, page);
    }

    /// The page that is being filled.
    PDPage page() {
        return page;
    }

    /// Where the next thing goes.
    double y() {
        return y;
    }

    /// How much of the page is left.
    double room() {
        return BOTTOM - y;
    }

    /// Leaves room.
    void skip(double points) {
        y += points;
    }

    /// Begins a new page.
    void turn() throws IOException {
        content.close();
        page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        content = new PDPageContentStream(document, page);
        y = TOP;
    }

    /// Begins a new page where less than this is left.
    ///
    /// @return whether it did
    boolean need(double points) throws IOException {
        if (room() >= points || y == TOP) {
            return false;
        }
        turn();
        return true;
    }

    /// Writes on a page that was filled before.
    void reopen(PDPage earlier) throws IOException {
        content.close();
        page = earlier;
        content = new PDPageContentStream(document, earlier, AppendMode.APPEND, true, true);
    }

    void fill(double x, double top, double width, double height, Color color) throws IOException {
        content.setNonStrokingColor(Palette.awt(color));
        content.addRect((float) x, (float) (HEIGHT - top - height), (float) width, (float) height);
        content.fill();
    }

    void rule(double x, double top, double toX, Color color, double thickness) throws IOException {
        fill(x, top - thickness / 2, toX - x, thickness, color);
    }

    void frame(double x, double top, double width, double height, Color color) throws IOException {
        content.setStrokingColor(Palette.awt(color));
        content.setLineWidth(0.6f);
        content.addRect((float) x, (float) (HEIGHT - top - height), (float) width, (float) height);
        content.stroke();
    }

    /// Text whose base line begins at a place.
    void text(String text, Face face, double size, double x, double baseline, Color color) throws IOException {
        content.setNonStrokingColor(Palette.awt(color));
        content.beginText();
        content.newLineAtOffset((float) x, (float) (HEIGHT - baseline));
        for (Run run : runs(face, text)) {
            content.setFont(fonts.get(run.face), (float) size);
            content.showText(run.text);
        }
        content.endText();
    }

    /// Text that ends at `x`.
    void textRight(String text, Face face, double size, double x, double baseline, Color color) throws IOException {
        text(text, face, size, x - width(text, face, size), baseline, color);
    }

    double width(String text, Face face, double size) throws IOException {
        double width = 0;
        for (Run run : runs(face, text)) {
            PDType0Font font = fonts.get(run.face);
            width += font == null ? 0 : font.getStringWidth(run.text) / 1000 * size;
        }
        return width;
    }

    /// A paragraph over the width between two places, over pages where it must.
    void paragraph(String text, Face face, double size, double x, double toX, Color color) throws IOException {
        for (String line : wrap(text, face, size, toX - x)) {
            need(size * 1.4);
            text(line, face, size, x, y + size, color);
            y += size * 1.4;
        }
    }

    /// Places a drawing.
    void drawing(PDFormXObject drawing, double x, double top, double scale) throws IOException {
        content.saveGraphicsState();
        content.transform(new Matrix((float) scale, 0, 0, (float) scale, (float) x,
                (float) (HEIGHT - top - drawing.getBBox().getHeight() * scale)));
        content.drawForm(drawing);
        content.restoreGraphicsState();
    }

    /// Lines no wider than this; words that are wider alone break within, behind a sign that joins where there is one.
    List<String> wrap(String text, Face face, double size, double width) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            String line = "";
            for (String word : paragraph.split(" ", -1)) {
                String longer = line.isEmpty() ? word : line + " " + word;
                if (width(longer, face, size) <= width) {
                    line = longer;
                    continue;
                }
                if (!line.isEmpty()) {
                    lines.add(line);
                }
                line = word;
                while (line.length() > 1 && width(line, face, size) > width) {
                    int cut = cut(line, face, size, width);
                    lines.add(line.substring(0, cut));
                    line = line.substring(cut);
                }
            }
            lines.add(line);
        }
        return lines;
    }

    private int cut(String word, Face face, double size, double width) throws IOException {
        int most = 1;
        while (most < word.length() && width(word.substring(0, most + 1), face, size) <= width) {
            most++;
        }
        for (int i = most; i > most / 2; i--) {
            if ("_-/,.+".indexOf(word.charAt(i - 1)) >= 0) {
                return i;
            }
        }
        return most;
    }

    /// Text in pieces of typefaces that have its signs: what a face lacks, that of figures may have.
    private static List<Run> runs(Face face, String text) {
        List<Run> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        Face now = face;
        for (int cp : text.codePoints().toArray()) {
            Face of = displays(face, cp) ? face : displays(Face.FIGURES, cp) ? Face.FIGURES : face;
            if (of != now && !run.isEmpty()) {
                runs.add(new Run(now, run.toString()));
                run.setLength(0);
            }
            now = of;
            run.appendCodePoint(displays(of, cp) ? cp : '?');
        }
        if (!run.isEmpty()) {
            runs.add(new Run(now, run.toString()));
        }
        return runs;
    }

    private static boolean displays(Face face, int codePoint) {
        Font font = Fonts.of(face, 1);
        return font.canDisplay(codePoint) && codePoint >= ' ';
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
