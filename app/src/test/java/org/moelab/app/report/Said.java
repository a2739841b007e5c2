package org.moelab.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.document.Table.Row;

/// What a document says, for tests.
final class Said {
    private Said() {
    }

    static Stream<Block> flat(List<Block> blocks) {
        return blocks.stream().flatMap(b -> b instanceof Block.Fold fold ? flat(fold.blocks()) : Stream.of(b));
    }

    static Stream<Table> tables(Document document) {
        return document.sections().stream().flatMap(s -> flat(s.blocks())).filter(Table.class::isInstance)
                .map(Table.class::cast);
    }

    static Table table(Document document, String id) {
        return tables(document).filter(t -> t.id().equals(id)).findFirst().orElseThrow();
    }

    static Cell cell(Table table, Row row, String column) {
        int index = table.columns().stream().map(Column::name).toList().indexOf(column);
        assertThat(index).as(column).isNotNegative();
        return row.cells().get(index);
    }

    static double number(Table table, Row row, String column) {
        return ((Cell.Value) cell(table, row, column)).number();
    }

    static String text(Document document, String section) {
        Section found = document.sections().stream().filter(s -> s.id().equals(section)).findFirst().orElseThrow();
        StringBuilder text = new StringBuilder();
        flat(found.blocks()).forEach(block -> text.append(switch (block) {
            case Block.Note note -> note.text();
            case Block.Paragraph paragraph -> paragraph.text();
            case Block.Code code -> code.text();
            case Block.Lines lines -> lines.lines().toString();
            case Block.KeyFigures figures -> figures.figures().toString();
            default -> "";
        }).append('\n'));
        return text.toString();
    }
}
