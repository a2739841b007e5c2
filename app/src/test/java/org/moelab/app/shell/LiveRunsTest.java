package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.launch.LaunchViewModel.Result;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.run.TechniqueWorth;
import org.moelab.app.task.FxQueue;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.Effect;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;

class LiveRunsTest {
    @TempDir
    private Path folder = Path.of("");

    private final FxQueue fx = new FxQueue();
    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, fx, Settings.FIRST,
            SampleCatalogue.CATALOGUE);
    private final LiveRuns live = new LiveRuns(model);

    /// The kept run as it was after so many layers, without timelines.
    private void keep(int layers, boolean complete) throws IOException {
        RunReport r = KeptRun.read().report();
        RunFile.write(folder, new RunReport(r.version(), complete, r.started(), r.finished(), r.asked(), r.machine(),
                r.versions(), r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(), r.ceilings(),
                r.layers().subList(0, layers), r.expertLoads(), r.tuning(), r.failures(), r.notes()));
    }

    private void show(int layers, boolean complete) throws IOException {
        keep(layers, complete);
        live.show(new Result(folder, false));
        fx.runUntil(() -> model.runs().stream().anyMatch(run -> run.layers().size() == layers));
    }

    private Optional<String> layer() {
        return model.selection().layerProperty().get();
    }

    @Test
    void show_layerByLayer_followsTheHighestUnlessAnotherIsLookedAt() throws IOException {
        model.pageProperty().set(Page.RUN);
        show(1, false);
        assertThat(layer()).contains("baseline");
        assertThat(model.settingsProperty().get().recentFiles()).containsExactly(folder.toAbsolutePath());

        show(3, false);
        assertThat(layer()).contains("2");
        assertThat(model.runs()).singleElement().satisfies(run -> assertThat(run.report().complete()).isFalse());

        model.selection().layerProperty().set(Optional.of("1"));
        model.selection().referenceProperty().set(Optional.of("2"));
        show(4, true);
        assertThat(layer()).contains("1");
        assertThat(model.selection().referenceProperty().get()).contains("2");
        assertThat(model.pageProperty().get()).isEqualTo(Page.RUN);
    }

    @Test
    void show_aRunWhileAnotherIsLookedAt_leavesThatInView() throws IOException {
        show(1, false);
        StoredRun other = KeptRun.read();
        model.refresh(other);
        assertThat(model.selection().runProperty().get()).contains(other);

        show(2, false);

        assertThat(model.runs()).hasSize(2);
        assertThat(model.selection().runProperty().get()).contains(other);
    }

    private void trial(String modelName, String started) throws IOException {
        RunReport r = KeptRun.read().report();
        Effect effect = Effect.of(List.of(1.0, 1.1, 1.2), List.of(1.5, 1.6, 1.9));
        AblationFile.write(folder, new AblationReport(AblationReport.VERSION, true, started, Optional.empty(),
                new AblationReport.Asked(modelName, List.of("device-routing"), 1, 512, 128, 5, "cuda"), r.machine(),
                r.versions(), r.model(),
                List.of(new Ablation("device-routing", Way.REMOVED, "6", List.of(), effect, Optional.of(effect))),
                List.of()));
        live.show(new Result(folder, true));
    }

    private List<TechniqueWorth> worth() {
        return TechniqueWorth.of(model.runs().getFirst(), "device-routing", RunPhase.DECODE);
    }

    @Test
    void show_aTechniqueThatWasTried_standsWithTheRunItWasTriedFor() throws IOException {
        StoredRun run = KeptRun.read();
        int before = TechniqueWorth.of(run, "device-routing", RunPhase.DECODE).size();
        model.refresh(run);
        live.awaitFor(run);

        trial(run.report().asked().model(), "now");
        fx.runUntil(() -> worth().size() > before);

        assertThat(worth().getLast().label()).isEqualTo("Taken from layer 6, tried now");
        assertThat(worth().getLast().conditions()).contains("5 pairs", "NVIDIA H200", "now");
        trial(run.report().asked().model(), "now");
        fx.runUntil(() -> !model.runs().getFirst().equals(run));
        fx.runQueued();
        assertThat(worth()).as("a later state takes the place of the earlier").hasSize(before + 1);
    }

    @Test
    void show_aTechniqueOfAnotherModel_changesNothing() throws IOException {
        keep(1, true); // without timelines, so that nothing but the trial comes
        StoredRun run = StoredRun.read(folder);
        model.refresh(run);

        trial("tiny", "now");
        AtomicInteger came = new AtomicInteger();
        fx.runUntil(() -> came.getAndIncrement() == 1);

        assertThat(model.runs().getFirst()).isEqualTo(run);
    }
}
