package org.moelab.app.report.document;

import java.util.List;

import org.moelab.app.export.Figure;

/// A piece of a section. Text is plain: each format escapes it.
public sealed interface Block permits Table, Block.Heading, Block.Paragraph, Block.Lines, Block.KeyFigures, Block.Chart,
        Block.Note, Block.Code, Block.Fold {
    /// A heading within a section.
    record Heading(String text) implements Block {}

    /// Words.
    record Paragraph(String text) implements Block {}

    /// Facts, one a line.
    record Lines(List<Line> lines) implements Block {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /// A fact.
    ///
    /// @param label what it is about
    /// @param text the fact, in a sentence
    record Line(String label, String text) {}

    /// The few figures that matter most.
    record KeyFigures(List<KeyFigure> figures) implements Block {
        public KeyFigures {
            figures = List.copyOf(figures);
        }
    }

    /// A figure that stands alone.
    ///
    /// @param label what it is
    /// @param value the figure with its unit, or that it was not measured
    /// @param detail how it spreads, or what it is compared with; may be empty
    /// @param basis how it is known
    /// @param source where it comes from
    record KeyFigure(String label, String value, String detail, Basis basis, String source) {}

    /// A drawing.
    ///
    /// @param id of its own in the document
    /// @param caption what it shows and how that is known
    /// @param description what it says, for those who cannot see it
    record Chart(String id, String caption, String description, Figure figure) implements Block {}

    /// What a reader has to know to read the figures right.
    ///
    /// @param warning whether figures are missing or in doubt
    record Note(boolean warning, String text) implements Block {}

    /// A command or other text that is copied as it is.
    record Code(String text) implements Block {}

    /// What is looked at on demand where the format allows.
    ///
    /// @param summary what it holds
    record Fold(String summary, List<Block> blocks) implements Block {
        public Fold {
            blocks = List.copyOf(blocks);
        }
    }
}
