package org.moelab.traces.export;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// An array of objects, one a line.
final class JsonTable {
    private static final JsonFactory FACTORY = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private JsonTable() {
    }

    static void write(ReportTable table, Writer out) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            for (List<Cell> row : table.rows()) {
                json.writeRaw('\n');
                writeRow(table.columns(), row, json);
            }
            json.writeRaw('\n');
            json.writeEndArray();
            json.writeRaw('\n');
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private static void writeRow(List<Column> columns, List<Cell> row, JsonGenerator json) {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            json.writeName(column.name());
            switch (row.get(i)) {
                case Cell.Text(String text) -> json.writeString(text);
                case Cell.Whole(long value) -> json.writeNumber(value);
                case Cell.Real(double value) when !Double.isFinite(value) -> json.writeString(Double.toString(value));
                case Cell.Real(double value) -> json.writeNumber(Numerals.decimal(value, column.decimals()));
                case Cell.Missing _ -> json.writeNull();
            }
        }
        json.writeEndObject();
    }
}
