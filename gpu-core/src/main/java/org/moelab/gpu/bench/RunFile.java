package org.moelab.gpu.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `run.json` on disk.
public final class RunFile {
    /// Its name within a run directory.
    public static final String NAME = "run.json";

    private static final JsonMapper JSON = JsonMapper.builder().addModule(new ReflectedRecords())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT).build();

    private RunFile() {
    }

    /// Writes a report into a run directory, which is made where it is missing; the file appears whole or not at all.
    ///
    /// @return the file
    /// @throws IOException where the disk is full or the folder cannot be written
    public static Path write(Path folder, RunReport report) throws IOException {
        return write(folder, NAME, report);
    }

    static Path write(Path folder, String name, Object report) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name);
        Path partial = folder.resolve(name + ".partial");
        partial.toFile().deleteOnExit(); // where the process is ended in between
        try {
            writeThrough(partial, JSON.writeValueAsBytes(report));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) { // a stream does not tell its file
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        } finally {
            Files.deleteIfExists(partial);
        }
        return file;
    }

    /// Writes bytes down to the disk, so that a name given to them later never stands for less.
    private static void writeThrough(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /// Reads a run directory's report, of this form or an older one.
    ///
    /// @throws IOException where there is none, it is damaged or says what cannot be, or it was written by a newer build; the
    ///                     message names the file
    public static RunReport read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        try {
            JsonNode root = JSON.readTree(ReportJson.bytes(file));
            int version = ReportJson.form(root, file.toString(), 1, RunReport.VERSION);
            ReportJson.requireFinite(root, file.toString());
            RunReport report = JSON.treeToValue(version == 1 ? upgraded(root) : root, RunReport.class);
            requireSense(report, file);
            return report;
        } catch (JacksonException e) {
            throw new IOException(file + ": " + ReportJson.describe(e), e);
        }
    }

    /// Refuses what no run writes and figures would be made of: a layer twice, times of nothing or less.
    private static void requireSense(RunReport report, Path file) throws IOException {
        RunReport.Asked asked = report.asked();
        if (Math.min(Math.min(asked.batch(), asked.prompt()), Math.min(asked.generate(), asked.repeats())) < 1) {
            throw new IOException(file + ": asked: batch, prompt, new tokens and repeats are at least 1, not "
                    + asked.batch() + ", " + asked.prompt() + ", " + asked.generate() + " and " + asked.repeats());
        }
        Set<String> layers = new HashSet<>();
        for (RunReport.LayerResult layer : report.layers()) {
            String place = file + ": layer " + layer.layer();
            if (!layers.add(layer.layer())) {
                throw new IOException(place + " is there twice");
            }
            requireTimes(layer.ttftMs(), place + ", ttft_ms");
            if (layer.tpotMs().isPresent()) {
                requireTimes(layer.tpotMs().get(), place + ", tpot_ms");
            }
            if (layer.prefill().isPresent()) {
                requireSteps(layer.prefill().get(), place + ", prefill");
            }
            if (layer.decode().isPresent()) {
                requireSteps(layer.decode().get(), place + ", decode");
            }
        }
    }

    private static void requireSteps(RunReport.PhaseCost cost, String place) throws IOException {
        if (cost.steps() < 1) {
            throw new IOException(place + ": expected a step or more, and found " + cost.steps());
        }
        for (RunReport.OperationCost operation : cost.operations()) {
            if (operation.timeUs().filter(time -> time < 0).isPresent()) {
                throw new IOException(place + ", " + operation.name() + ": a time of " + operation.timeUs().get());
            }
        }
    }

    private static void requireTimes(Spread times, String place) throws IOException {
        if (times.count() < 1 || Math.min(times.p50(), Math.min(times.min(), times.max())) <= 0) {
            throw new IOException(place + ": expected times above 0, and found " + times.min() + " to " + times.max()
                    + ", the median " + times.p50() + ", " + times.count() + " in all");
        }
    }

    /// Reads a report that has had one form only.
    static <T> T read(Path file, Class<T> type, int form) throws IOException {
        try {
            JsonNode root = JSON.readTree(ReportJson.bytes(file));
            ReportJson.form(root, file.toString(), form, form);
            ReportJson.requireFinite(root, file.toString());
            return JSON.treeToValue(root, type);
        } catch (JacksonException e) {
            throw new IOException(file + ": " + ReportJson.describe(e), e);
        }
    }

    /// A report of form 1 as form 2 has it: it was written at the end of a run in which every layer succeeded.
    private static JsonNode upgraded(JsonNode first) {
        ObjectNode root = (ObjectNode) first.deepCopy();
        root.put("version", 2);
        root.put("complete", true);
        root.putArray("failures");
        root.putArray("notes");
        for (JsonNode layer : root.path("layers")) {
            for (String phase : List.of("prefill", "decode")) {
                if (layer.path(phase) instanceof ObjectNode cost) {
                    cost.put("steps", 1);
                }
            }
        }
        return root;
    }
}
