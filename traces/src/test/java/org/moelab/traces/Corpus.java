package org.moelab.traces;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/// Real profiler files with the answers of the reference tools, where they are found: at `MOELAB_CORPUS`, else beside the
/// repository.
public final class Corpus {
    private Corpus() {
    }

    /// The corpus; a test that asks for it is skipped where there is none.
    public static Path root() {
        Path root = Path.of(Optional.ofNullable(System.getenv("MOELAB_CORPUS")).orElse("../../shared/corpus"));
        Assumptions.assumeTrue(Files.isDirectory(root), "skipped: no corpus at " + root.toAbsolutePath().normalize()
                + "; set MOELAB_CORPUS to the folder that holds it");
        return root;
    }

    /// The files of a folder whose names hold a text, by name.
    public static List<Path> files(String folder, String nameContains) {
        try (Stream<Path> files = Files.list(root().resolve(folder))) {
            return files.filter(f -> f.getFileName().toString().contains(nameContains)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The rows of a CSV file, which may be packed as `NAME.gz`; the first is the header.
    public static List<String[]> csv(Path file) throws IOException {
        Path packed = file.resolveSibling(file.getFileName() + ".gz");
        boolean plain = Files.exists(file);
        try (InputStream raw = Files.newInputStream(plain ? file : packed);
                InputStream in = plain ? raw : new GZIPInputStream(raw);
                Reader text = new InputStreamReader(in, StandardCharsets.UTF_8);
                MappingIterator<String[]> rows = CsvMapper.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build()
                        .readerFor(String[].class).readValues(text)) {
            return rows.readAll();
        }
    }
}
