package org.moelab.app.expectation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Figures that others published, as data: `targets.json` beside this class.
///
/// @param version of the file's form
public record Targets(int version, List<Target> targets) {
    private static final String FILE = "targets.json";

    public Targets {
        targets = List.copyOf(targets);
    }

    /// The targets that come with this build.
    public static Targets bundled() {
        try (InputStream in = Targets.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("no " + FILE + " in the jar");
            }
            return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .changeDefaultPropertyInclusion(i -> i.withValueInclusion(JsonInclude.Include.NON_ABSENT)).build()
                    .readValue(in, Targets.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Those for a model on any GPU, those of this GPU first.
    public static List<Target> of(String gpu, String model) {
        List<Target> all = bundled().targets.stream().filter(t -> t.model().equals(model)).toList();
        return Stream.concat(all.stream().filter(t -> t.isOf(gpu)),
                all.stream().filter(t -> !t.isOf(gpu))).toList();
    }
}
