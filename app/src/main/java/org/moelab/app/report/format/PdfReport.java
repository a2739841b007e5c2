package org.moelab.app.report.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.GregorianCalendar;
import java.util.List;

import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PageMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDBorderStyleDictionary;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageXYZDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.viewerpreferences.PDViewerPreferences;
import org.moelab.app.export.Figure;
import org.moelab.app.export.PdfFigures;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.KeyFigure;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.theme.Fonts.Face;
import org.moelab.app.theme.Palette;
import org.moelab.traces.export.WholeFile;
import org.moelab.traces.model.ImportMonitor;

import javafx.scene.paint.Color;

/// A document as A4 pages with numbers, contents and bookmarks. Charts are vectors; typefaces are embedded.
final class PdfReport {
    private static final double TEXT = 9.5;
    private static final double SMALL = 8;
    private static final double CONTENTS_ROW = 14;
    private static final Palette COLORS = Palette.LIGHT;

    private final Document content;
    private final ImportMonitor monitor;

    /// Where a section begins.
    ///
    /// @param top from the page's upper edge
    private record Place(Section section, PDPage page, double top) {}

    PdfReport(Document content, ImportMonitor monitor) {
        this.content = content;
        this.monitor = monitor;
    }

    void write(Path file) throws IOException {
        WholeFile.writeBytes(file, this::write);
    }

    private void write(OutputStream out) throws IOException {
        try (PDDocument document = new PDDocument()) {
            describe(document);
            try (PdfPages pages = new PdfPages(document)) {
                new Filling(document, pages).fill();
            }
            document.save(out);
        }
    }

    private void describe(PDDocument document) {
        PDDocumentInformation information = new PDDocumentInformation();
        information.setTitle(content.title());
        information.setSubject(content.subtitle());
        information.setCreator("MoE Lab");
        information.setCreationDate(GregorianCalendar.from(content.date().atStartOfDay(ZoneOffset.UTC)));
        document.setDocumentInformation(information);
        document.getDocumentCatalog().setLanguage("en");
        document.getDocumentCatalog().setPageMode(PageMode.USE_OUTLINES);
        PDViewerPreferences preferences = new PDViewerPreferences(new COSDictionary());
        preferences.setDisplayDocTitle(true);
        document.getDocumentCatalog().setViewerPreferences(preferences);
    }

    /// One document being filled.
    private final class Filling {
        private final PDDocument document;
        private final PdfPages pages;
        private final PdfFigures figures;
        private final List<Place> places = new ArrayList<>();

        Filling(PDDocument document, PdfPages pages) throws IOException {
            this.document = document;
            this.pages = pages;
            this.figures = new PdfFigures(document);
        }

        void fill() throws IOException {
            pages.skip(4);
            pages.paragraph(content.title(), Face.BOLD, 20, PdfPages.LEFT, PdfPages.RIGHT, COLORS.text());
            pages.paragraph(content.subtitle(), Face.TEXT, 10, PdfPages.LEFT, PdfPages.RIGHT, COLORS.muted());
            pages.skip(8);
            if (content.warning().isPresent()) {
                block(new Block.Note(true, content.warning().get()));
            }
            PDPage first = pages.page();
            double contents = pages.y();
            pages.skip(content.sections().size() * CONTENTS_ROW + 4);
            for (Section section : content.sections()) {
                monitor.checkCancelled();
                monitor.update((double) places.size() / content.sections().size(), "writing");
                section(section);
            }
            contents(first, contents);
            bookmarks();
            footers();
        }

        private void section(Section section) throws IOException {
            pages.skip(pages.y() == PdfPages.TOP ? 0 : 16);
            pages.need(Math.min(40 + room(section.blocks(), 0), PdfPages.BOTTOM - PdfPages.TOP));
            places.add(new Place(section, pages.page(), pages.y()));
            pages.paragraph(section.title(), Face.BOLD, 15, PdfPages.LEFT, PdfPages.RIGHT, COLORS.text());
            pages.rule(PdfPages.LEFT, pages.y() + 1, PdfPages.RIGHT, COLORS.line(), 0.8);
            pages.skip(10);
            for (int i = 0; i < section.blocks().size(); i++) {
                if (section.blocks().get(i) instanceof Block.Heading heading) {
                    heading(heading.text(), room(section.blocks(), i));
                } else {
                    block(section.blocks().get(i));
                }
            }
        }

        /// What a block needs to begin on a page: with a heading, what follows it.
        private double room(List<Block> blocks, int index) {
            return index == blocks.size() ? 0 : switch (blocks.get(index)) {
                case Block.Heading _ -> 30 + room(blocks, index + 1);
                case Chart chart -> 30 + height(chart);
                default -> 110;
            };
        }

        /// A heading does not stay behind what follows it.
        private void heading(String text, double room) throws IOException {
            pages.skip(pages.y() == PdfPages.TOP ? 0 : 6);
            pages.need(Math.min(room, PdfPages.BOTTOM - PdfPages.TOP));
            pages.paragraph(text, Face.BOLD, 11.5, PdfPages.LEFT, PdfPages.RIGHT, COLORS.text());
            pages.skip(4);
        }

        private void block(Block block) throws IOException {
            switch (block) {
                case Block.Heading(String text) -> heading(text, 120);
                case Block.Paragraph(String text) -> {
                    pages.paragraph(text, Face.TEXT, TEXT, PdfPages.LEFT, PdfPages.RIGHT, COLORS.text());
                    pages.skip(7);
                }
                case Block.Code(String text) -> boxed(text, Face.FIGURES, COLORS.raised(), COLORS.line());
                case Block.Note(boolean warning, String text) -> boxed((warning ? "Note: " : "") + text, Face.TEXT,
                        COLORS.raised(), warning ? COLORS.warn() : COLORS.accent());
                case Block.Lines(List<Line> lines) -> lines(lines);
                case Block.KeyFigures(List<KeyFigure> list) -> keyFigures(list);
                case Chart chart -> chart(chart);
                case Table table -> new PdfTable(pages, COLORS, table).draw();
                case Block.Fold(String summary, List<Block> blocks) -> {
                    if (!(blocks.getFirst() instanceof Table)) {
                        pages.need(60);
                        pages.paragraph(summary, Face.BOLD, 8.5, PdfPages.LEFT, PdfPages.RIGHT, COLORS.text());
                        pages.skip(3);
                    }
                    for (Block inner : blocks) {
                        block(inner);
                    }
                }
            }
        }

        private void boxed(String text, Face face, Color ground, Color edge)
                throws IOException {
            double lead = SMALL * 1.4;
            List<String> lines = pages.wrap(text, face, SMALL, PdfPages.RIGHT - PdfPages.LEFT - 22);
            double height = lines.size() * lead + 9;
            pages.need(Math.min(height + 4, PdfPages.BOTTOM - PdfPages.TOP));
            pages.fill(PdfPages.LEFT, pages.y(), PdfPages.RIGHT - PdfPages.LEFT, height, ground);
            pages.fill(PdfPages.LEFT, pages.y(), 2.5, height, edge);
            double y = pages.y() + 4;
            for (String line : lines) {
                pages.text(line, face, SMALL, PdfPages.LEFT + 12, y + SMALL, COLORS.text());
                y += lead;
            }
            pages.skip(height + 8);
        }

        private void lines(List<Line> lines) throws IOException {
            double from = PdfPages.LEFT + 124;
            for (Line line : lines) {
                List<String> words = pages.wrap(line.text(), Face.TEXT, 9, PdfPages.RIGHT - from - 4);
                List<String> label = pages.wrap(line.label(), Face.TEXT, 9, from - PdfPages.LEFT - 12);
                double height = Math.max(words.size(), label.size()) * 12.4 + 5;
                pages.need(height);
                pages.rule(PdfPages.LEFT, pages.y(), PdfPages.RIGHT, COLORS.grid(), 0.6);
                for (int i = 0; i < label.size(); i++) {
                    pages.text(label.get(i), Face.TEXT, 9, PdfPages.LEFT + 4, pages.y() + 11 + i * 12.4,
                            COLORS.muted());
                }
                for (int i = 0; i < words.size(); i++) {
                    pages.text(words.get(i), Face.TEXT, 9, from, pages.y() + 11 + i * 12.4, COLORS.text());
                }
                pages.skip(height);
            }
            pages.rule(PdfPages.LEFT, pages.y(), PdfPages.RIGHT, COLORS.grid(), 0.6);
            pages.skip(12);
        }

        private void keyFigures(List<KeyFigure> list) throws IOException {
            double gap = 7;
            double width = (PdfPages.RIGHT - PdfPages.LEFT - gap * (list.size() - 1)) / list.size();
            pages.need(62);
            double x = PdfPages.LEFT;
            for (KeyFigure figure : list) {
                pages.frame(x, pages.y(), width, 48, COLORS.line());
                pages.text(figure.label(), Face.BOLD, 7.5, x + 7, pages.y() + 13, COLORS.muted());
                double size = 12;
                while (size > 7 && pages.width(figure.value(), Face.BOLD_FIGURES, size) > width - 12) {
                    size -= 0.5;
                }
                pages.text(figure.value(), Face.BOLD_FIGURES, size, x + 7, pages.y() + 28, COLORS.text());
                pages.text(figure.detail(), Face.TEXT, 7, x + 7, pages.y() + 41, COLORS.muted());
                x += width + gap;
            }
            pages.skip(60);
        }

        private double scale(Figure figure) {
            return Math.min((PdfPages.RIGHT - PdfPages.LEFT) / figure.preferredWidth(),
                    (PdfPages.BOTTOM - PdfPages.TOP - 70) / figure.preferredHeight());
        }

        private double height(Chart chart) {
            return chart.figure().preferredHeight() * scale(chart.figure());
        }

        private void chart(Chart chart) throws IOException {
            monitor.checkCancelled();
            Figure figure = chart.figure();
            double room = PdfPages.RIGHT - PdfPages.LEFT;
            double scale = scale(figure);
            double height = height(chart);
            pages.need(height + 28);
            pages.drawing(figures.draw(figure, COLORS, figure.preferredWidth(), figure.preferredHeight()),
                    PdfPages.LEFT + (room - figure.preferredWidth() * scale) / 2, pages.y(), scale);
            pages.frame(PdfPages.LEFT, pages.y(), room, height, COLORS.line());
            pages.skip(height + 3);
            pages.paragraph(chart.caption() + ".", Face.TEXT, SMALL, PdfPages.LEFT, PdfPages.RIGHT, COLORS.muted());
            pages.skip(10);
        }

        private void contents(PDPage first, double top) throws IOException {
            pages.reopen(first);
            double y = top;
            for (Place place : places) {
                String number = Integer.toString(document.getPages().indexOf(place.page) + 1);
                pages.text(place.section.title(), Face.TEXT, TEXT, PdfPages.LEFT, y + TEXT, COLORS.text());
                pages.textRight(number, Face.FIGURES, TEXT, PdfPages.LEFT + 230, y + TEXT, COLORS.muted());
                link(first, y, place);
                y += CONTENTS_ROW;
            }
        }

        private void link(PDPage page, double y, Place to) throws IOException {
            PDAnnotationLink link = new PDAnnotationLink();
            PDBorderStyleDictionary none = new PDBorderStyleDictionary();
            none.setWidth(0);
            link.setBorderStyle(none);
            link.setContents(to.section.title());
            link.setRectangle(new PDRectangle((float) PdfPages.LEFT, (float) (PdfPages.HEIGHT - y - CONTENTS_ROW), 230,
                    (float) CONTENTS_ROW));
            link.setDestination(destination(to));
            page.getAnnotations().add(link);
        }

        private PDPageXYZDestination destination(Place place) {
            PDPageXYZDestination destination = new PDPageXYZDestination();
            destination.setPage(place.page);
            destination.setLeft(0);
            destination.setTop((int) Math.ceil(PdfPages.HEIGHT - place.top + 12));
            return destination;
        }

        private void bookmarks() {
            PDDocumentOutline outline = new PDDocumentOutline();
            for (Place place : places) {
                PDOutlineItem item = new PDOutlineItem();
                item.setTitle(place.section.title());
                item.setDestination(destination(place));
                outline.addLast(item);
            }
            document.getDocumentCatalog().setDocumentOutline(outline);
        }

        private void footers() throws IOException {
            int count = document.getNumberOfPages();
            for (int i = 0; i < count; i++) {
                pages.reopen(document.getPage(i));
                double y = PdfPages.HEIGHT - 26;
                pages.rule(PdfPages.LEFT, y - 11, PdfPages.RIGHT, COLORS.line(), 0.6);
                String imprint = pages.wrap(content.imprint(), Face.TEXT, 7, PdfPages.RIGHT - PdfPages.LEFT - 80)
                        .getFirst();
                pages.text(imprint, Face.TEXT, 7, PdfPages.LEFT, y, COLORS.muted());
                pages.textRight("page " + (i + 1) + " of " + count, Face.TEXT, 7, PdfPages.RIGHT, y, COLORS.muted());
            }
        }
    }
}
