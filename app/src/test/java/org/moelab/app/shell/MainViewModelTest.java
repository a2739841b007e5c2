package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.StoredRun;
import org.moelab.app.task.FxQueue;
import org.moelab.app.theme.Palette;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;

class MainViewModelTest {
    private static final Path GOOD = Path.of("good.json");
    private static final Path OTHER = Path.of("other.json");
    private static final Path BROKEN = Path.of("broken.json");

    private final FxQueue fx = new FxQueue();
    private final MainViewModel model = new MainViewModel(MainViewModelTest::read, fx, Settings.FIRST,
            SampleCatalogue.CATALOGUE);

    private static Recording read(Path file, ImportMonitor monitor) throws TraceReadException {
        if (file.equals(BROKEN)) {
            throw new TraceReadException(file, "byte 12: expected a value, found the end of the file");
        }
        RecordingInfo info = new RecordingInfo(List.of(file), TraceFormat.CHROME, "", "", OptionalLong.empty(),
                List.of(), Map.of());
        return new TraceBuilder().build(info, monitor);
    }

    private void openAndWait(Path... files) {
        model.open(List.of(files));
        fx.runUntil(() -> model.importingProperty().get().isEmpty());
    }

    /// What two windows share would keep each of them for as long as the program runs.
    @Test
    void offeredPages_ofTwoWindows_areNotShared() {
        MainViewModel other = new MainViewModel(MainViewModelTest::read, Runnable::run, Settings.FIRST,
                SampleCatalogue.CATALOGUE);

        assertThat(Page.values()).allSatisfy(
                page -> assertThat(other.offeredProperty(page)).isNotSameAs(model.offeredProperty(page)));
        assertThat(other.alwaysProperty()).isNotSameAs(model.alwaysProperty());
    }

    @Test
    void open_severalFiles_readsThemInOrderAndShowsTheLast() {
        openAndWait(GOOD, OTHER);

        assertThat(model.recordings()).extracting(OpenRecording::name).containsExactly("good.json", "other.json");
        assertThat(model.current()).map(OpenRecording::file).contains(OTHER);
        assertThat(model.settingsProperty().get().recentFiles()).containsExactly(OTHER.toAbsolutePath(),
                GOOD.toAbsolutePath());
        assertThat(model.waiting()).isEmpty();
    }

    @Test
    void take_runWithTimelines_readsTheOneLookedAtOnceTheRunIsPainted() throws IOException {
        Deque<Runnable> painted = new ArrayDeque<>();
        MainViewModel later = new MainViewModel(MainViewModelTest::read, fx, Settings.FIRST, SampleCatalogue.CATALOGUE,
                painted::add);
        StoredRun run = KeptRun.read();

        later.take(run);
        assertThat(later.pageProperty().get()).isEqualTo(Page.LAYERS);
        assertThat(later.runs()).containsExactly(run);
        assertThat(later.settingsProperty().get().recentFiles()).containsExactly(run.folder().toAbsolutePath());
        later.selection().layerProperty().set(Optional.of("4"));
        assertThat(later.importingProperty().get()).isEmpty();

        painted.forEach(Runnable::run);
        fx.runUntil(() -> later.importingProperty().get().isEmpty());
        assertThat(later.recordings()).extracting(OpenRecording::file)
                .containsExactly(run.layer("4").flatMap(run::timeline).orElseThrow());
    }

    @Test
    void open_fileThatIsOpen_onlyShowsIt() {
        openAndWait(GOOD, OTHER);

        openAndWait(GOOD);

        assertThat(model.recordings()).hasSize(2);
        assertThat(model.current()).map(OpenRecording::file).contains(GOOD);
    }

    @Test
    void open_brokenFile_saysSoAndChangesNothingElse() {
        openAndWait(GOOD);

        openAndWait(BROKEN);

        assertThat(model.recordings()).extracting(OpenRecording::file).containsExactly(GOOD);
        assertThat(model.current()).map(OpenRecording::file).contains(GOOD);
        assertThat(model.noticeProperty().get()).contains(new Notice(Notice.Severity.ERROR,
                "broken.json: byte 12: expected a value, found the end of the file", ""));
        assertThat(model.settingsProperty().get().recentFiles()).containsExactly(GOOD.toAbsolutePath());
    }

    @Test
    void open_brokenFileAmongGoodOnes_readsTheOthers() {
        openAndWait(BROKEN, GOOD);

        assertThat(model.recordings()).extracting(OpenRecording::file).containsExactly(GOOD);
        assertThat(model.noticeProperty().get()).isPresent();
    }

    @Test
    void cancelImport_whileReading_keepsWhatIsOpenAndDropsTheRest() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        MainViewModel slow = new MainViewModel((file, monitor) -> {
            begun.countDown();
            try {
                while (true) {
                    monitor.checkCancelled();
                    Thread.onSpinWait();
                }
            } finally {
                ended.countDown();
            }
        }, fx, Settings.FIRST, SampleCatalogue.CATALOGUE);
        slow.open(List.of(GOOD, OTHER));
        begun.await();
        assertThat(slow.waiting()).containsExactly(OTHER);

        slow.cancelImport();
        ended.await();
        fx.runQueued();

        assertThat(slow.importingProperty().get()).isEmpty();
        assertThat(slow.waiting()).isEmpty();
        assertThat(slow.recordings()).isEmpty();
        assertThat(slow.noticeProperty().get()).isEmpty();
    }

    @Test
    void close_recordingThatIsShown_showsItsNeighbour() {
        openAndWait(GOOD, OTHER);

        model.close(model.current().orElseThrow());
        assertThat(model.current()).map(OpenRecording::file).contains(GOOD);

        model.close(model.current().orElseThrow());
        assertThat(model.selection().recordingProperty().get()).isEmpty();
    }

    @Test
    void showNeighbour_atTheEnd_wrapsAround() {
        openAndWait(GOOD, OTHER);

        model.showNeighbour(1);

        assertThat(model.current()).map(OpenRecording::file).contains(GOOD);
    }

    @Test
    void toggleTheme_dark_isLightAndRemembered() {
        model.toggleTheme();

        assertThat(model.paletteProperty().get()).isEqualTo(Palette.LIGHT);
        assertThat(model.settingsProperty().get().dark()).isFalse();
        assertThat(Optional.of(model.settingsProperty().get()).map(Settings::recentFiles)).contains(List.of());
    }
}
