package org.moelab.app.report.format;

import java.awt.Graphics2D;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

import org.moelab.app.export.Figure;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

/// A small document with every kind of block, and signs that mean something to a format.
final class Sample {
    static final String NASTY = "a < b & \"c\" | `d` *e* [f](g) <script>";

    private Sample() {
    }

    static Document document() {
        return document(new Square());
    }

    static Document document(Figure figure) {
        Table.Builder table = Table.of("long", "A table of many rows", Column.code("Name", Basis.RECORDED, "the test"),
                Column.number("Time", "µs", 2, Basis.MEASURED, "clock " + NASTY),
                Column.number("Floor", "µs", 1, Basis.ANALYTIC, "shapes"), Column.text("Remark", Basis.RECORDED, "it"));
        for (int i = 0; i < 120; i++) {
            table.row("kernel_" + i + "_with_a_name_that_is_longer_than_any_column_would_be_wide_on_a_page", i * 1.005,
                    i % 7 == 0 ? Cell.NOT_MEASURED : i / 3.0, i == 5 ? NASTY : "row " + i);
        }
        table.add(Table.Rank.SUM, "sum", 7.0, Cell.NONE, "");
        Table grouped = Table.of("grouped", "Groups", Column.text("Work", Basis.RECORDED, "it"),
                Column.number("A", "ms", 3, Basis.MEASURED, "it")).add(Table.Rank.GROUP, "group", 1234.5)
                .row("· one", 1234.5).row("· nothing", -0.0001).add(Table.Rank.SUM, "all", 1234.5).build();
        return new Document("Title " + NASTY, "Subtitle → 8192² ÷ µ", Optional.of("Incomplete: " + NASTY),
                "Made by test",
                LocalDate.of(2026, 11, 29),
                List.of(new Section("first", "First & foremost", List.of(
                        new Block.KeyFigures(List.of(new Block.KeyFigure("Speed", "1,234 tok/s", "2× " + NASTY,
                                Basis.MEASURED, "clock"))),
                        new Block.Lines(List.of(new Block.Line("Label", NASTY))), new Block.Paragraph(NASTY),
                        new Block.Note(false, "A remark"), new Block.Code("moelab run --model 'a b' | tee"))),
                        new Section("second", "Second", List.of(new Block.Heading("Tables"), table.build(),
                                new Block.Fold("Folded <away>", List.of(grouped)),
                                new Block.Chart("square", "A square", "It is " + NASTY, figure)))));
    }

    /// A square in the accent on the panel, with words.
    static final class Square implements Figure {
        @Override
        public String title() {
            return "Square & co";
        }

        @Override
        public double preferredWidth() {
            return 300;
        }

        @Override
        public double preferredHeight() {
            return 200;
        }

        @Override
        public void draw(Graphics2D g, double width, double height, Palette palette) {
            g.setColor(Palette.awt(palette.panel()));
            g.fillRect(0, 0, (int) width, (int) height);
            g.setColor(Palette.awt(palette.accent()));
            g.fillRect(20, 20, 50, 50);
            g.setFont(Fonts.text(12));
            g.drawString("x < y", 100, 100);
        }
    }

    /// A figure that cannot be drawn.
    static final class Broken implements Figure {
        @Override
        public String title() {
            return "Broken";
        }

        @Override
        public double preferredWidth() {
            return 10;
        }

        @Override
        public double preferredHeight() {
            return 10;
        }

        @Override
        public void draw(Graphics2D g, double width, double height, Palette palette) {
            throw new IllegalStateException("no picture");
        }
    }
}
