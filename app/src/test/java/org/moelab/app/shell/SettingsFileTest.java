package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.shell.Settings.WindowBounds;
import org.moelab.app.timeline.Annotations;
import org.moelab.app.timeline.Mark;

class SettingsFileTest {
    @TempDir
    private Path folder;

    @Test
    void load_whatWasSaved_isTheSame() throws IOException {
        Settings settings = new Settings(false, 150, List.of(Path.of("/data/decode.sqlite")),
                Optional.of(new WindowBounds(10, 20, 1280, 800, true)), Map.of("main", List.of(0.2, 0.8)),
                Map.of("3f2a",
                        new Annotations(List.of(new Mark(12, "12 ns", "copies \"begin\""), new Mark(40, "40 ns", "")),
                                List.of("GPU 0 · stream 7"))));
        SettingsFile file = new SettingsFile(folder.resolve("config").resolve("window.json"));

        file.save(settings);

        assertThat(file.load()).isEqualTo(settings);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "{", "[1]", "\"text\"",
            "{\"recentFiles\": 3, \"window\": [], \"dividers\": null, \"recordings\": 3}" })
    void load_damagedFile_isTheFirstStart(String content) throws IOException {
        Path file = folder.resolve("window.json");
        Files.writeString(file, content);

        assertThat(new SettingsFile(file).load()).isEqualTo(Settings.FIRST);
    }

    @Test
    void load_missingFile_isTheFirstStart() {
        assertThat(new SettingsFile(folder.resolve("none.json")).load()).isEqualTo(Settings.FIRST);
    }

    @Test
    void annotated_manyRecordings_keepsTheHundredChangedLast() {
        Annotations some = new Annotations(List.of(), List.of("row"));
        Settings settings = Settings.FIRST.annotated("empty", Annotations.NONE);
        for (int i = 0; i < 120; i++) {
            settings = settings.annotated("r" + i, some);
        }
        settings = settings.annotated("r30", Annotations.NONE).annotated("r20", some);

        assertThat(settings.annotations()).hasSize(99).containsKeys("r20", "r21", "r119")
                .doesNotContainKeys("empty", "r0", "r19", "r30");
        assertThat(settings.annotations().keySet()).last().isEqualTo("r20");
    }

    @Test
    void opened_manyFiles_keepsTheNewestTwelveOnceEach() {
        Settings settings = Settings.FIRST;
        for (int i = 0; i < 15; i++) {
            settings = settings.opened(Path.of("/data/" + i));
        }
        settings = settings.opened(Path.of("/data/10"));

        assertThat(settings.recentFiles()).hasSize(12).doesNotHaveDuplicates().startsWith(Path.of("/data/10"),
                Path.of("/data/14"));
    }
}
