package org.moelab.gpu.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonInclude;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Tuned choices on disk, one file a kind of GPU, put in place whole. What was timed on other ground, or is damaged,
/// counts as nothing and is replaced by what is timed next. Where several processes write, the last one's choices stay.
final class TuningFile {
    /// The form that this build writes and reads.
    private static final int FORM = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Optional<Path> file;
    private final Ground ground;
    private final Consumer<String> warnings;
    private boolean told;

    /// All that a time depends on beside the question.
    ///
    /// @param gpu its name
    /// @param capability its compute capability
    /// @param driver the driver's version
    /// @param library the version of cuBLASLt
    /// @param kernels which build of the lab's kernels: a checksum
    record Ground(String gpu, String capability, String driver, String library, String kernels) {}

    private record Content(int form, Ground timedOn, List<TunedChoice> choices) {
        Content {
            choices = List.copyOf(choices);
        }
    }

    /// @param cache the lab's cache folder; none to keep nothing
    /// @param warnings told in a line where something cannot be kept, and once where it cannot be used
    TuningFile(Optional<Path> cache, Ground ground, Consumer<String> warnings) {
        this.file = cache.map(folder -> folder.resolve("tuning").resolve(name(ground.gpu)));
        this.ground = ground;
        this.warnings = warnings;
    }

    private static String name(String gpu) {
        return gpu.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".json";
    }

    /// What was chosen before on the same ground.
    List<TunedChoice> read() {
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file.get()));
            if (!root.isObject() || root.path("form").asInt(0) != FORM) {
                return refused("is not of form " + FORM);
            }
            Content content = JSON.treeToValue(root, Content.class);
            return content.timedOn.equals(ground) ? content.choices : refused("was timed on other ground");
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (JacksonException e) {
            return refused("is damaged: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            return refused("cannot be read: " + e);
        }
    }

    private List<TunedChoice> refused(String why) {
        if (!told) {
            told = true;
            warnings.accept(file.map(Path::toString).orElse("") + " " + why + "; choices are timed anew");
        }
        return List.of();
    }

    /// Keeps choices in place of what is there.
    void write(Collection<TunedChoice> choices) {
        if (file.isEmpty()) {
            return;
        }
        Path target = file.get();
        try {
            Path folder = Files.createDirectories(target.toAbsolutePath().getParent());
            Path unfinished = Files.createTempFile(folder, "tuning", ".unfinished");
            try {
                Files.write(unfinished, JSON.writeValueAsBytes(new Content(FORM, ground, List.copyOf(choices))));
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            warnings.accept("tuned choices are not kept, because " + target + " cannot be written (" + e + ")");
        }
    }
}
