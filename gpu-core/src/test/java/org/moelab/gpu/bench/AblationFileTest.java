package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Failure;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.technique.Catalogue;

class AblationFileTest {
    private static final Effect EFFECT = Effect.of(List.of(1.0, 1.1, 1.2), List.of(1.5, 1.6, 1.9));
    private static final AblationReport REPORT = new AblationReport(AblationReport.VERSION, false,
            "2026-01-31T12:00:00+01:00", Optional.of("2026-01-31T12:05:00+01:00"),
            new AblationReport.Asked("m", List.of("fp8", "dsmem"), 1, 512, 32, 3, "cuda"),
            new RunReport.Machine("Linux 6", "amd64", 16, "a GPU", Optional.empty()),
            new RunReport.Versions("0.1", "25", Optional.of("13.0"), Optional.empty(), Optional.empty(),
                    Optional.empty()),
            new RunReport.Model("m", 24, 32, 4, 2880, 2880, 201_088, 64, 8, 64),
            List.of(new Ablation("fp8", Way.REMOVED, "6", List.of("mxfp4"), EFFECT, Optional.of(EFFECT)),
                    new Ablation("fp8", Way.ADDED, "4", List.of(), EFFECT, Optional.empty())),
            List.of(new Failure("dsmem", Way.ADDED, "no effect on this machine: too old")));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void report_writtenAndRead_isTheSameAndAsTheSchemaSays() throws IOException {
        Path file = AblationFile.write(folder, REPORT);

        assertThat(AblationFile.read(folder)).contains(REPORT);
        assertThat(Schema.faults(file, "ablation.schema.json")).isEmpty();
        assertThat(REPORT.of("fp8", Way.ADDED)).map(Ablation::layer).contains("4");
        assertThat(REPORT.of("dsmem", Way.ADDED)).isEmpty();
    }

    @Test
    void read_noFile_isEmpty() throws IOException {
        assertThat(AblationFile.read(folder)).isEmpty();
    }

    @Test
    void read_damagedOrNewer_isRefusedByName() throws IOException {
        Path file = folder.resolve(AblationFile.NAME);
        Files.writeString(file, "{\"version\": 1, \"complete\": ");
        assertThatIOException().isThrownBy(() -> AblationFile.read(folder)).withMessageContaining(file.toString());
        Files.writeString(file, "{\"version\": 9}");
        assertThatIOException().isThrownBy(() -> AblationFile.read(folder)).withMessageContaining(file.toString())
                .withMessageContaining("newer");
    }

    @Test
    void with_everyWay_holdsWhatTheLayerHasAndTheTechniqueRequires() {
        Catalogue catalogue = Catalogue.load();
        Set<String> added = AblationRun.with(catalogue, catalogue.find("fp8").orElseThrow(), Way.ADDED);
        Set<String> removed = AblationRun.with(catalogue, catalogue.find("fp8-kv").orElseThrow(), Way.REMOVED);

        assertThat(added).contains("fp8").containsAll(catalogue.upTo(catalogue.layer("4").orElseThrow()))
                .containsAll(catalogue.alone("fp8")).doesNotContain("device-routing");
        assertThat(removed).contains("fp8-kv").containsAll(catalogue.upTo(catalogue.top()));
    }
}
