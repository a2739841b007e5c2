package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.DeviceCeilings;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.control.Hyperlink;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;

/// Six questions of a person who makes inference fast, answered in the window on the kept run by mouse alone and by keys alone, as
/// `docs/window.md` tells. Each answer is worked out here from the run's files; the window must show it. Steps are counted.
/// `-Dsix.questions=DIR` leaves a picture of each.
@ExtendWith(ApplicationExtension.class)
class SixQuestionsTest {
    private static final Path RUN = Path.of("..", "docs", "runs", "h200-gpt-oss-20b");
    private static final int MOST_STEPS = 8;

    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            Catalogue.load());
    private final StoredRun run = read();
    private final FxRobot robot = new FxRobot();
    private Optional<Scene> scene = Optional.empty();
    private int steps;
    private String walk = "";

    private static StoredRun read() {
        try {
            return StoredRun.read(RUN);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Start
    void start(Stage stage) {
        scene = Optional.of(TestWindow.show(stage, new MainView(model, TestWindow.NO_DIALOGS), model, 1280, 800));
    }

    @BeforeEach
    void openRun(org.junit.jupiter.api.TestInfo test) {
        walk = test.getTestMethod().orElseThrow().getName();
        robot.interact(() -> model.open(List.of(RUN)));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent());
        picture();
    }

    @AfterEach
    void stopReading() {
        robot.interact(model::cancelImport);
        assertThat(steps).as("clicks or keys").isLessThanOrEqualTo(MOST_STEPS);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(30, condition);
    }

    private OnScreen screen() {
        WaitForAsyncUtils.waitForFxEvents();
        return WaitForAsyncUtils.waitForAsyncFx(20_000, () -> OnScreen.of(scene.orElseThrow()));
    }

    private boolean reads(String text) {
        return screen().text().contains(text);
    }

    /// Waits until all of this can be read: the answer.
    private void answered(String... texts) {
        for (String text : texts) {
            try {
                WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> reads(text));
            } catch (TimeoutException e) {
                throw new AssertionError("'" + text + "' cannot be read in\n" + screen().text(), e);
            }
        }
        picture();
    }

    private void picture() {
        String folder = System.getProperty("six.questions", "");
        if (!folder.isEmpty()) {
            WaitForAsyncUtils.waitForFxEvents();
            try {
                Files.createDirectories(Path.of(folder));
                ImageIO.write(SwingFXUtils.fromFXImage(
                        WaitForAsyncUtils.waitForAsyncFx(20_000, () -> scene.orElseThrow().snapshot(null)), null),
                        "png", Path.of(folder, walk + "-" + steps + ".png").toFile());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// Clicks on what can be read, or on a control.
    private void click(String what) {
        if (what.startsWith("#")) {
            robot.clickOn(what);
        } else {
            answered(what);
            Point2D at = screen().find(what).orElseThrow();
            robot.clickOn(robot.offset(scene.orElseThrow(), at.getX() - scene.orElseThrow().getWidth() / 2,
                    at.getY() - scene.orElseThrow().getHeight() / 2), MouseButton.PRIMARY);
        }
        stepped();
    }

    private void type(KeyCode key, KeyCode... modifiers) {
        robot.press(modifiers).type(key).release(modifiers);
        stepped();
    }

    private void stepped() {
        steps++;
        WaitForAsyncUtils.waitForFxEvents();
        picture();
    }

    /// Takes a step again and again until something can be read.
    private void until(String text, Runnable step) {
        until(List.of(text), step);
    }

    private void until(List<String> texts, Runnable step) {
        while (!texts.stream().allMatch(this::reads)) {
            assertThat(steps).as("steps until " + texts + " can be read in\n" + screen().text())
                    .isLessThan(MOST_STEPS);
            step.run();
            stepped();
        }
    }

    // Which layer brought most?

    private record Rise(LayerResult layer, LayerResult below) {
        double factor() {
            return below.tpotMs().orElseThrow().p50() / layer.tpotMs().orElseThrow().p50();
        }

        double savedMs() {
            return below.tpotMs().orElseThrow().p50() - layer.tpotMs().orElseThrow().p50();
        }
    }

    private Rise largest(Comparator<Rise> by) {
        List<LayerResult> layers = run.report().layers();
        return IntStream.range(1, layers.size()).mapToObj(i -> new Rise(layers.get(i), layers.get(i - 1))).max(by)
                .orElseThrow();
    }

    private void layerThatBroughtMostIsRead() {
        Rise most = largest(Comparator.comparingDouble(Rise::factor));
        answered(String.format(Locale.ROOT, "%.2f×", most.factor()), most.layer().layer() + "  ",
                "Bold: the most that a layer brought of its own.");
    }

    private void savingOfMostIsRead() {
        answered(String.format(Locale.ROOT, "−%.3f", largest(Comparator.comparingDouble(Rise::savedMs)).savedMs()));
    }

    @Test
    void layerThatBroughtMost_byMouse_isRead() {
        layerThatBroughtMostIsRead();
        click("#page-speedup");
        savingOfMostIsRead();
    }

    @Test
    void layerThatBroughtMost_byKeys_isRead() {
        layerThatBroughtMostIsRead();
        type(KeyCode.DIGIT3, KeyCode.CONTROL);
        savingOfMostIsRead();
    }

    // What did a technique change, and in which kernels?

    /// The technique without which decode would take longest, of those added one by one, and its layer.
    private Ablation strongest() {
        return run.ablations().orElseThrow().ablations().stream().filter(a -> a.way() == Way.ADDED)
                .filter(a -> layers().contains(layerOf(a)))
                .max(Comparator.comparingDouble(a -> Math.abs(a.tpot().orElseThrow().factor() - 1))).orElseThrow();
    }

    private List<String> layers() {
        return run.report().layers().stream().map(LayerResult::layer).toList();
    }

    private static String layerOf(Ablation ablation) {
        return Integer.toString(Catalogue.load().find(ablation.technique()).orElseThrow().layer());
    }

    private static String nameOf(Ablation ablation) {
        return Catalogue.load().find(ablation.technique()).orElseThrow().name();
    }

    /// The operation that a technique was applied to and whose time differs most from that in the layer below.
    private OperationCost changed(Ablation ablation) {
        LayerResult now = run.layer(layerOf(ablation)).orElseThrow();
        LayerResult before = below(ablation);
        return now.decode().orElseThrow().operations().stream()
                .filter(o -> o.techniques().contains(ablation.technique()))
                .max(Comparator.comparingDouble(o -> Math.abs(time(before, o.name()) - time(now, o.name()))))
                .orElseThrow();
    }

    private LayerResult below(Ablation ablation) {
        return run.layer(layers().get(layers().indexOf(layerOf(ablation)) - 1)).orElseThrow();
    }

    private void changeIsRead(Ablation strongest) {
        OperationCost changed = changed(strongest);
        String was = implementation(below(strongest), changed);
        answered(StoredRun.layerName(below(strongest).layer()) + " against "
                + StoredRun.layerName(layerOf(strongest)), changed.name(),
                was.isEmpty() || was.equals(changed.implementation())
                        ? changed.implementation()
                        : was + " → " + changed.implementation());
        assertThat(model.selection().operationProperty().get()).contains(changed.name());
    }

    private static String implementation(LayerResult layer, OperationCost operation) {
        return layer.decode().orElseThrow().operations().stream().filter(o -> o.name().equals(operation.name()))
                .map(OperationCost::implementation).findFirst().orElse("");
    }

    private static double time(LayerResult layer, String operation) {
        return layer.decode().orElseThrow().operations().stream().filter(o -> o.name().equals(operation))
                .mapToDouble(o -> o.timeUs().orElse(0.0)).sum();
    }

    @Test
    void techniquesChange_byMouse_isRead() {
        Ablation strongest = strongest();
        click("#layer-" + layerOf(strongest));
        worthIsRead(strongest);
        click("#change-" + strongest.technique());
        changeIsRead(strongest);
    }

    @Test
    void techniquesChange_byKeys_isRead() {
        Ablation strongest = strongest();
        while (model.selection().layerProperty().get().filter(layerOf(strongest)::equals).isEmpty()) {
            type(KeyCode.UP);
        }
        worthIsRead(strongest);
        type(KeyCode.ENTER);
        changeIsRead(strongest);
    }

    private static String worthOf(Ablation ablation) {
        return String.format(Locale.ROOT, "without it %+.1f %% time",
                (ablation.tpot().orElseThrow().factor() - 1) * 100);
    }

    private void worthIsRead(Ablation strongest) {
        answered(nameOf(strongest), worthOf(strongest));
    }

    // Where are the gaps in decode, and why?

    /// A stretch in which the device did nothing.
    private record Gap(long fromNs, long toNs, int next) {
        long ns() {
            return toNs - fromNs;
        }
    }

    private Trace timeline() {
        try {
            return (Trace) RecordingSource.FILES.open(run.timeline(run.top()).orElseThrow(), ImportMonitor.NONE);
        } catch (TraceReadException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Gap> gaps(Trace trace) {
        List<Integer> work = IntStream.range(0, trace.size()).filter(e -> trace.kind(e).isDeviceWork()).boxed()
                .sorted(Comparator.comparingLong(trace::start)).toList();
        List<Gap> gaps = new ArrayList<>();
        long covered = trace.start(work.getFirst());
        for (int e : work) {
            if (trace.start(e) > covered) {
                gaps.add(new Gap(covered, trace.start(e), e));
            }
            covered = Math.max(covered, trace.end(e));
        }
        return gaps;
    }

    /// The longest of the gaps in decode before work whose launch had begun in time.
    private static Gap longestQueued(Trace trace) {
        return gaps(trace).stream()
                .filter(g -> trace.link(g.next()) >= 0 && trace.start(trace.link(g.next())) <= g.fromNs())
                .filter(g -> inDecode(trace, g.next()))
                .max(Comparator.comparingLong(Gap::ns)).orElseThrow();
    }

    private static boolean inDecode(Trace trace, int event) {
        return IntStream.range(0, trace.size()).anyMatch(e -> trace.kind(e) == EventKind.DEVICE_RANGE
                && trace.name(e).equals("token") && trace.start(e) <= trace.start(event)
                && trace.start(event) < trace.end(e));
    }

    private static String said(Trace trace, Gap gap) {
        return Unit.NANOSECONDS.format(gap.ns()) + " before "
                + FunctionName.parse(trace.name(gap.next())).label() + ", in token ";
    }

    private String focused() {
        return WaitForAsyncUtils.waitForAsyncFx(20_000,
                () -> scene.orElseThrow().getFocusOwner() instanceof Hyperlink link ? link.getText() : "");
    }

    private String firstLink() {
        return robot.lookup("#advice .occurrence").<Hyperlink>queryAll().iterator().next().getText();
    }

    private void gapIsRead(Trace trace, Gap gap) {
        answered(FunctionName.parse(trace.name(gap.next())).label(),
                "selection of " + Unit.NANOSECONDS.format(gap.ns()));
    }

    @Test
    void gapsInDecode_byMouse_areReadWithTheirCauseAndShown() {
        Trace trace = timeline();
        Gap gap = longestQueued(trace);
        click("#page-advice");
        click("Gaps before work already launched");
        answered("idle in token", said(trace, gap), "The launch of the work behind had begun");
        click(said(trace, gap));
        gapIsRead(trace, gap);
    }

    @Test
    void gapsInDecode_byKeys_areReadWithTheirCauseAndShown() {
        Trace trace = timeline();
        Gap gap = longestQueued(trace);
        type(KeyCode.DIGIT7, KeyCode.CONTROL);
        answered("Gaps before work already launched");
        type(KeyCode.PAGE_DOWN);
        until("The launch of the work behind had begun", () -> robot.type(KeyCode.DOWN));
        answered("idle in token", said(trace, gap));
        String longest = firstLink();
        while (!longest.startsWith(said(trace, gap)) && !focused().startsWith(said(trace, gap))) {
            type(KeyCode.TAB); // Enter alone follows the longest
        }
        type(KeyCode.ENTER);
        gapIsRead(trace, gap);
    }

    // Which kernels are far from their roof, and from which?

    private record Floor(OperationCost operation, double measuredUs, double bytesUs, double flopsUs) {
        double lostUs() {
            return measuredUs - Math.max(bytesUs, flopsUs);
        }
    }

    private Floor farthest() {
        DeviceCeilings ceilings = run.report().ceilings().orElseThrow();
        PhaseCost cost = run.top().decode().orElseThrow();
        return cost.operations().stream().map(o -> {
            boolean products = o.kind().contains("matmul") || o.kind().equals("attention")
                    || o.kind().startsWith("unembedding");
            double rate = products ? ceilings.bf16FlopPerSecond().orElseThrow() : ceilings.fp32FlopPerSecond();
            return new Floor(o, o.timeUs().orElse(0.0) / cost.steps(),
                    o.bytes() / ceilings.readBytesPerSecond() * 1e6 / cost.steps(),
                    o.flops() / rate * 1e6 / cost.steps());
        }).max(Comparator.comparingDouble(Floor::lostUs)).orElseThrow();
    }

    private void farthestIsRead(Floor farthest) {
        answered(farthest.operation().name(), String.format(Locale.ROOT, "%.2f", farthest.lostUs()),
                String.format(Locale.ROOT, "%.2f", farthest.measuredUs()));
    }

    private void bothFloorsAreRead(Floor farthest) {
        answered("Far from its floor: " + farthest.operation().name(), "floor by bytes",
                Unit.NANOSECONDS.format(farthest.bytesUs() * 1e3), "floor by operations",
                Unit.NANOSECONDS.format(farthest.flopsUs() * 1e3));
    }

    @Test
    void kernelsFarFromTheirRoof_byMouse_areReadWithBothRoofs() {
        Floor farthest = farthest();
        click("#page-inference");
        farthestIsRead(farthest);
        click("#page-advice");
        click("Far from its floor: " + farthest.operation().name());
        bothFloorsAreRead(farthest);
        click("#page-roofline");
        answered(farthest.operation().name());
    }

    @Test
    void kernelsFarFromTheirRoof_byKeys_areReadWithBothRoofs() {
        Floor farthest = farthest();
        type(KeyCode.DIGIT5, KeyCode.CONTROL);
        farthestIsRead(farthest);
        type(KeyCode.DIGIT7, KeyCode.CONTROL);
        answered("Far from its floor: " + farthest.operation().name());
        until(Unit.NANOSECONDS.format(farthest.bytesUs() * 1e3), () -> robot.type(KeyCode.DOWN));
        bothFloorsAreRead(farthest);
        type(KeyCode.DIGIT4, KeyCode.CONTROL);
        answered(farthest.operation().name());
    }

    // How does A differ from B, to the whole difference?

    private static long workNs(Path file) {
        try {
            Trace trace = (Trace) RecordingSource.FILES.open(file, ImportMonitor.NONE);
            return IntStream.range(0, trace.size()).filter(e -> trace.kind(e).isDeviceWork())
                    .mapToLong(trace::duration).sum();
        } catch (TraceReadException e) {
            throw new AssertionError(e);
        }
    }

    private void wholeDifferenceIsRead() {
        long a = workNs(run.timeline(run.report().layers().getFirst()).orElseThrow());
        long b = workNs(run.timeline(run.top()).orElseThrow());
        answered(String.format(Locale.ROOT, "Exact: %,d ns in A", a), String.format(Locale.ROOT, "%,d ns in ", a - b),
                String.format(Locale.ROOT, "= %,d ns in B", b));
        List<Long> rows = new ArrayList<>();
        robot.interact(() -> robot.lookup("#compare-table").queryTableView().getItems()
                .forEach(row -> rows.add(((org.moelab.traces.compare.Row) row).deltaNs())));
        assertThat(rows.stream().mapToLong(Long::longValue).sum()).isEqualTo(b - a);
    }

    @Test
    void differenceOfTwoLayers_byMouse_addsUpToTheWhole() {
        click("#page-compare");
        wholeDifferenceIsRead();
    }

    @Test
    void differenceOfTwoLayers_byKeys_addsUpToTheWhole() {
        type(KeyCode.DIGIT6, KeyCode.CONTROL);
        wholeDifferenceIsRead();
    }

    // How evenly were experts loaded, and what did it cost?

    private void loadsAreRead() {
        List<List<Long>> counts = run.report().expertLoads().orElseThrow().prefill().counts();
        List<Double> uneven = counts.stream().map(SixQuestionsTest::fullestOverMean).toList();
        String layer = run.report().expertLoads().orElseThrow().layer();
        PhaseCost cost = run.layer(layer).orElseThrow().prefill().orElseThrow();
        double ms = cost.operations().stream().filter(o -> o.kind().equals("expert matmul"))
                .mapToDouble(o -> o.timeUs().orElse(0.0)).sum() / 1e3 / cost.steps();
        double bound = ms * uneven.stream().mapToDouble(u -> 1 - 1 / u).average().orElseThrow();
        answered(String.format(Locale.ROOT, "%.2f", uneven.stream().mapToDouble(u -> u).max().orElseThrow()),
                String.format(Locale.ROOT, "at most %.2f of %.2f", bound, ms));
    }

    private static double fullestOverMean(List<Long> counts) {
        return counts.stream().mapToLong(c -> c).max().orElseThrow()
                / counts.stream().mapToLong(c -> c).average().orElseThrow();
    }

    @Test
    void loadsOfExperts_byMouse_areReadWithWhatTheyCost() {
        click("#page-inference");
        click("#phase-prefill");
        loadsAreRead();
    }

    @Test
    void loadsOfExperts_byKeys_areReadWithWhatTheyCost() {
        type(KeyCode.DIGIT5, KeyCode.CONTROL);
        type(KeyCode.D, KeyCode.CONTROL);
        loadsAreRead();
    }
}
