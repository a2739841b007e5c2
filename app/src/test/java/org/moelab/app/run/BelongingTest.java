package org.moelab.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;

/// What lies beside a run's figures, planted.
final class BelongingTest {
    private static final RunReport RUN = KeptRun.readWithLoads().report();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void copyRun() throws IOException {
        RunFile.write(folder, RUN);
    }

    private void plantAblations(String started, String from, String to) throws IOException {
        AblationFile.write(folder, new AblationReport(AblationReport.VERSION, true, started, Optional.empty(),
                new AblationReport.Asked("gpt-oss-20b", List.of(), 1, 512, 32, 5, "auto"), RUN.machine(),
                RUN.versions(), RUN.model(), List.of(), List.of()));
        Path file = folder.resolve(AblationFile.NAME);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void ablations_ofTheSameBuildMachineAndModel_areOfTheRunWheneverTheyWereMade() throws IOException {
        for (String started : List.of("2020-01-01T00:00:00Z", "2126-01-01T00:00:00Z")) {
            plantAblations(started, "", "");
            StoredRun run = StoredRun.read(folder);
            assertThat(run.ablations()).isPresent();
            assertThat(run.leftAside()).isEmpty();
        }
        assertThat(Belonging.isBefore("2020-01-01T00:00:00Z", RUN)).isTrue();
        assertThat(Belonging.isBefore("2126-01-01T00:00:00Z", RUN)).isFalse();
        assertThat(Belonging.isBefore("yesterday", RUN)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "'\"device\" : \"NVIDIA H200\"', '\"device\" : \"NVIDIA B200\"', on NVIDIA B200",
            "'\"name\" : \"gpt-oss-20b\"', '\"name\" : \"tiny\"', of tiny",
            "'\"hidden\" : 2880', '\"hidden\" : 64', of other sizes of gpt-oss-20b",
            "'\"moelab\" : \"', '\"moelab\" : \"9.', by MoE Lab 9.0" })
    void ablations_ofAnotherRun_areLeftAsideInALineThatSaysWhy(String from, String to, String why) throws IOException {
        plantAblations("2126-01-01T00:00:00Z", from, to);

        StoredRun run = StoredRun.read(folder);

        assertThat(run.ablations()).isEmpty();
        assertThat(run.leftAside()).singleElement().asString().startsWith("ablation.json is left aside").contains(why);
    }

    @Test
    void whatWasLeftAside_staysSaidWhenTechniquesAreTried() throws IOException {
        plantAblations("2126-01-01T00:00:00Z", "NVIDIA H200", "NVIDIA B200");
        StoredRun run = StoredRun.read(folder);
        AblationReport trial = AblationFile.read(folder).orElseThrow();
        assertThat(run.tried(trial).leftAside()).isEqualTo(run.leftAside());
        assertThat(run.withTrialsOf(run.tried(trial)).leftAside()).isEqualTo(run.leftAside());
    }
}
