package org.moelab.traces.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TableFormatTest {
    private static final ReportTable TABLE = ReportTable
            .builder(Column.text("Name", "the kernel"), Column.whole("Total Time (ns)", Unit.NANOSECONDS, "sum"),
                    Column.real("Avg (ns)", Unit.NANOSECONDS, "mean", 1),
                    Column.real("Ratio", Unit.RATIO, "exact", -1), Column.whole("Correlation", Unit.NONE, "id"))
            .row("plain", 1_234_567L, 2.25, 0.1, 7_000).row("say \"a, b\"\nc", -5L, Double.NaN, 1e-7, 12).build();

    @Test
    void csv_textWithCommaQuoteAndBreak_isQuotedAndFiguresArePlain() {
        assertThat(TableFormat.CSV.render(TABLE)).isEqualTo("""
                Name,Total Time (ns),Avg (ns),Ratio,Correlation
                plain,1234567,2.2,0.1,7000
                "say ""a, b""
                c",-5,,0.00000010,12
                """);
    }

    @Test
    void json_table_readsBackAsObjectsWithNullForMissing() {
        JsonNode rows = JsonMapper.shared().readTree(TableFormat.JSON.render(TABLE));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("Name").stringValue()).isEqualTo("plain");
        assertThat(rows.get(0).get("Total Time (ns)").longValue()).isEqualTo(1_234_567L);
        assertThat(rows.get(0).get("Avg (ns)").doubleValue()).isEqualTo(2.2);
        assertThat(rows.get(1).get("Name").stringValue()).isEqualTo("say \"a, b\"\nc");
        assertThat(rows.get(1).get("Avg (ns)").isNull()).isTrue();
        assertThat(rows.get(1).get("Ratio").doubleValue()).isEqualTo(1e-7);
    }

    @Test
    void text_figures_areGroupedAndAlignedRightButIdentifiersAreNotGrouped() {
        assertThat(TableFormat.TABLE.render(TABLE)).isEqualTo("""
                Name          Total Time (ns)  Avg (ns)   Ratio  Correlation
                ────────────  ───────────────  ────────  ──────  ───────────
                plain               1,234,567       2.2  0.1000         7000
                say "a, b" c               -5         –  0.0000           12
                """);
    }

    @Test
    void text_longName_losesItsMiddle() {
        String name = "a".repeat(150) + "tail";
        String text = TableFormat.TABLE.render(ReportTable.builder(Column.text("Name", "")).row(name).build());

        assertThat(text.lines().skip(2)).singleElement().asString().hasSize(100).startsWith("aaa").contains("…")
                .endsWith("tail");
    }

    @Test
    void real_oneDecimal_roundsTheExactBinaryValueAsPrintfDoes() {
        assertThat(Numerals.plain(0.05, 1)).isEqualTo("0.1");
        assertThat(Numerals.plain(0.15, 1)).isEqualTo("0.1");
        assertThat(Numerals.plain(2.5, 0)).isEqualTo("2");
        assertThat(Numerals.plain(1e21, -1)).isEqualTo("1000000000000000000000");
    }

    @Test
    void grouped_anyLength_separatesEveryThirdDigit() {
        assertThat(List.of("1", "-123", "1234", "-123456.789", "1234567")).extracting(Numerals::grouped)
                .containsExactly("1", "-123", "1,234", "-123,456.789", "1,234,567");
    }

    @Test
    void write_existingFile_isReplacedAndNothingElseRemains(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("r.csv");
        Files.writeString(file, "old");

        TableFormat.CSV.write(TABLE, file);

        assertThat(file).content().startsWith("Name,").endsWith(",12\n");
        assertThat(folder).isDirectoryContaining(p -> p.equals(file)).satisfies(TableFormatTest::holdsOneFile);
    }

    @Test
    void write_contentFails_leavesTheOldFileAndNoPart(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("r.csv");
        Files.writeString(file, "old");

        assertThatThrownBy(() -> WholeFile.writeText(file, out -> {
            out.write("half".repeat(100_000));
            throw new IOException("disk full");
        })).isInstanceOf(IOException.class).hasMessage(file + ": disk full");

        assertThat(file).hasContent("old");
        assertThat(folder).satisfies(TableFormatTest::holdsOneFile);
    }

    @Test
    void write_missingFolder_isNamedInTheError(@TempDir Path folder) {
        assertThatThrownBy(() -> TableFormat.JSON.write(TABLE, folder.resolve("nowhere").resolve("r.json")))
                .isInstanceOf(IOException.class).hasMessageContaining("nowhere").hasMessageContaining("no such folder");
    }

    private static void holdsOneFile(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }
}
