package org.moelab.app.expectation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.moelab.gpu.bench.ReflectedRecords;
import org.moelab.gpu.bench.ReportJson;

import com.fasterxml.jackson.annotation.JsonInclude;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `expectations.json` on disk.
public final class ExpectationFile {
    private static final String BUNDLED = "expectations.json";
    private static final JsonMapper JSON = JsonMapper.builder().addModule(new ReflectedRecords())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT).build();

    private ExpectationFile() {
    }

    /// The file's text.
    public static String text(Expectations expectations) {
        return JSON.writeValueAsString(expectations) + "\n";
    }

    /// Reads a file.
    ///
    /// @throws IOException where there is none, it is damaged, or a newer build wrote it; the message names the file
    public static Expectations read(Path file) throws IOException {
        return read(file.toString(), ReportJson.bytes(file));
    }

    static Expectations bundled() {
        try (InputStream in = ExpectationFile.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IllegalStateException("no " + BUNDLED + " in the jar");
            }
            return read(BUNDLED, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Expectations read(String name, byte[] content) throws IOException {
        try {
            JsonNode root = JSON.readTree(content);
            if (!root.has("workloads") || !root.has("least_noise")) {
                throw new IOException(
                        name + ": expected a file of moelab expect, with version, least_noise and workloads");
            }
            ReportJson.form(root, name, Expectations.VERSION, Expectations.VERSION);
            ReportJson.requireFinite(root, name);
            Expectations expectations = JSON.treeToValue(root, Expectations.class);
            requireOnce(expectations, name);
            return expectations;
        } catch (JacksonException e) {
            throw new IOException(name + ": " + ReportJson.describe(e), e);
        }
    }

    private static void requireOnce(Expectations expectations, String name) throws IOException {
        Set<Workload> workloads = new HashSet<>();
        for (Expectations.Expected expected : expectations.workloads()) {
            if (!workloads.add(expected.workload())) {
                throw new IOException(name + ": " + expected.workload().about() + " is there twice");
            }
            Set<String> layers = new HashSet<>();
            for (Expectations.LayerExpectation layer : expected.layers()) {
                if (!layers.add(layer.layer())) {
                    throw new IOException(
                            name + ": " + expected.workload().about() + ": layer " + layer.layer() + " is there twice");
                }
            }
        }
    }
}
