package org.moelab.app.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.language.AnalysisFile;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Code;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Section;

/// What a language model wrote of the run, marked as that, and what it was sent. Absent where nobody asked one.
final class LanguageAnalysis implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        try {
            return AnalysisFile.read(subject.run().folder()).map(kept -> section(blocks(kept)));
        } catch (IOException _) {
            return Optional.of(section(List.of(new Note(true, AnalysisFile.NAME + " cannot be read."))));
        }
    }

    private static Section section(List<Block> blocks) {
        return new Section("language", "By a language model, not measured", blocks);
    }

    private static List<Block> blocks(AnalysisFile.Kept kept) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Note(true, kept.mark() + " No other section of this report rests on it."));
        blocks.addAll(Markdown.blocks(kept.text()));
        if (!kept.sent().isEmpty()) {
            blocks.add(new Fold("What it was sent", List.of(new Code(kept.sent()))));
        }
        return blocks;
    }
}
