package org.moelab.app.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.theme.Palette;
import org.moelab.app.selection.Selection;
import org.moelab.kernels.KernelManifest;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelModule.SourceFile;
import org.moelab.traces.ncu.SourceHeat;

class CodeViewModelTest {
    private static final Path KEPT = Path.of("../docs/runs/h200-gpt-oss-20b/prefill.ncu-rep.gz");
    private static final Path NCU = Path.of("../traces/src/test/resources/h200/ncu");

    @TempDir
    private Path folder;

    private final Selection selection = new Selection();
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final CodeViewModel model = new CodeViewModel(new ProfileViewModel(selection), queue::add, failure -> {
        throw new AssertionError(failure);
    });

    private void open(Path file, int kernel) throws TraceReadException {
        selection.recordingProperty()
                .set(Optional.of(Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE)));
        selection.eventProperty().set(OptionalInt.of(kernel));
    }

    /// Runs what was read, on this thread.
    private void await() throws InterruptedException {
        Runnable result = queue.poll(60, TimeUnit.SECONDS);
        assertThat(result).as("the code was read").isNotNull();
        result.run();
    }

    private CodeRow row(OptionalInt index) {
        return model.rowsProperty().get().get(index.orElseThrow());
    }

    @Test
    void figures_areShown_readNoCode() throws Exception {
        open(KEPT, 1);
        assertThat(model.rowsProperty().get()).isEmpty();
        assertThat(model.table()).isEmpty();
        assertThat(queue.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void figure_ofSassAndSource_holdsTheHottestAndSaysHowManyOfAll() throws Exception {
        open(KEPT, 1);
        assertThat(model.figure()).as("figures are shown").isEmpty();
        model.partProperty().set(CodePart.SASS);
        await();
        CodeFigure sass = (CodeFigure) model.figure().orElseThrow();

        long most = model.rowsProperty().get().stream().mapToLong(CodeRow::samples).max().orElseThrow();
        assertThat(sass.rows()).hasSize(CodeFigure.MOST).extracting(s -> s.row().place()).isSorted();
        assertThat(sass.rows()).extracting(s -> s.row().samples()).contains(most).allMatch(samples -> samples > 0);
        assertThat(sass.heading()).startsWith("the 40 hottest of 2,104 instructions, in the code's order: ");
        Path file = folder.resolve("sass.svg");
        FigureWriter.preferred(sass, Palette.LIGHT, 1).write(sass,
                new Caption("kept", "run", LocalDate.of(2026, 11, 29)), file);
        assertThat(Files.readString(file)).contains(sass.heading(), "kept", "2026-11-29");

        model.partProperty().set(CodePart.SOURCE);
        CodeFigure source = (CodeFigure) model.figure().orElseThrow();
        assertThat(source.title()).startsWith("Source of attention_flash, ");
        assertThat(source.rows()).extracting(s -> Integer.parseInt(s.row().place())).isSorted();
    }

    @Test
    void sass_ofTheKeptKernel_sumsToItsMetricsAndGoesByHeat() throws Exception {
        open(KEPT, 1);
        model.partProperty().set(CodePart.SASS);
        await();

        assertThat(model.captionProperty().get())
                .startsWith("2,104 instructions · 6,590 samples, as the kernel's metric"
                        + " · 27,863,040 inst_executed, as the kernel's metric");
        OptionalInt hottest = model.hottest(-1, 1);
        assertThat(row(hottest).place()).isEqualTo("1180");
        assertThat(row(hottest).samples()).isEqualTo(357);
        assertThat(row(hottest).mostly()).isEqualTo("long scoreboard");
        assertThat(row(hottest).lineLabel()).isEqualTo("mma.cuh:55");
        OptionalInt next = model.hottest(hottest.orElseThrow(), 1);
        assertThat(row(next).samples()).isLessThanOrEqualTo(357).isPositive();
        assertThat(model.hottest(next.orElseThrow(), -1)).isEqualTo(hottest);
        assertThat(model.table().orElseThrow().rows()).hasSize(2104);
    }

    @Test
    void find_text_goesRoundTheEnd() throws Exception {
        open(KEPT, 1);
        model.partProperty().set(CodePart.SASS);
        await();

        OptionalInt first = model.find("PAGES.cuh", -1, 1);
        assertThat(row(first).lineLabel()).startsWith("pages.cuh:");
        assertThat(model.find("pages.cuh", first.orElseThrow(), -1).orElseThrow()).isGreaterThan(first.orElseThrow());
        assertThat(model.find("no such instruction", 0, 1)).isEmpty();
        assertThat(model.find(" ", 0, 1)).isEmpty();
    }

    @Test
    void cross_fromAnInstruction_isItsLineAndBack() throws Exception {
        open(KEPT, 1);
        model.partProperty().set(CodePart.SASS);
        await();
        OptionalInt hottest = model.hottest(-1, 1);

        OptionalInt line = model.cross(hottest.orElseThrow());

        assertThat(model.partProperty().get()).isEqualTo(CodePart.SOURCE);
        assertThat(model.fileProperty().get()).hasValueSatisfying(f -> assertThat(f).endsWith("common/mma.cuh"));
        assertThat(row(line).place()).isEqualTo("55");
        assertThat(row(line).samples()).isGreaterThanOrEqualTo(357);
        assertThat(model.cross(line.orElseThrow())).isEqualTo(hottest);
        assertThat(model.partProperty().get()).isEqualTo(CodePart.SASS);
    }

    @Test
    void source_ofTheKeptKernel_beginsWithTheFileOfMostSamples() throws Exception {
        open(KEPT, 1);
        model.partProperty().set(CodePart.SOURCE);
        await();

        assertThat(model.filesProperty().get().getFirst()).endsWith("attention/attention_flash.cu");
        assertThat(model.captionProperty().get()).startsWith("4,820 of 6,590 samples in this file · ");
        assertThat(model.rowsProperty().get().stream().mapToLong(CodeRow::samples).sum()).isEqualTo(4820);
        model.fileProperty().set(Optional.of(model.filesProperty().get().getLast()));
        assertThat(model.captionProperty().get()).doesNotStartWith("4,820");
    }

    @Test
    void otherKernel_whileTheCodeShows_replacesIt() throws Exception {
        open(KEPT, 1);
        model.partProperty().set(CodePart.SASS);
        await();
        selection.eventProperty().set(OptionalInt.of(0));
        assertThat(model.rowsProperty().get()).as("never another kernel's").isEmpty();
        await();
        assertThat(model.rowsProperty().get()).hasSize(1616);
        model.partProperty().set(CodePart.SOURCE);
        assertThat(model.captionProperty().get()).contains("-lineinfo");
    }

    @Test
    void kernel_withoutFiguresByInstruction_saysWhatToCollect() throws Exception {
        open(NCU.resolve("scale_details.csv.gz"), 0);
        model.partProperty().set(CodePart.SASS);
        await();
        assertThat(model.rowsProperty().get()).isEmpty();
        assertThat(model.captionProperty().get()).contains("--section SourceCounters --import-source yes");
        assertThat(model.hottest(-1, 1)).isEmpty();
    }

    @Test
    void sourceText_ofTheLabsKernels_isShownOnlyAtTheSizeThatWasCompiled() throws IOException {
        Map<String, String> own = KernelManifest.load().sourceTree().files();
        String name = "common/mma.cuh";
        String text = Objects.requireNonNull(own.get(name));
        long bytes = text.getBytes(StandardCharsets.UTF_8).length;
        SourceTexts texts = SourceTexts.load();

        assertThat(texts.find(file(name, bytes), List.of())).hasValueSatisfying(t -> {
            assertThat(t.lines()).isEqualTo(text.lines().toList());
            assertThat(t.origin()).contains("the lab's own common/mma.cuh");
        });
        assertThat(texts.find(file(name, bytes + 1), List.of())).isEmpty();
        assertThat(texts.find(file(name, bytes + 1), List.of(new SourceFile("/build/./cuda/" + name, "a\nb"))))
                .hasValueSatisfying(t -> assertThat(t.lines()).containsExactly("a", "b"));
    }

    @Test
    void sourceText_ofAKernelCompiledWhereItRan_isTheBuildsAndSaysSo() {
        SourceTexts texts = SourceTexts.load();
        List<SourceFile> nothing = List.of(new SourceFile("/build/cuda/common/mma.cuh", ""));

        assertThat(texts.find(file("common/mma.cuh", 0), nothing)).hasValueSatisfying(t -> {
            assertThat(t.lines()).contains("#pragma once");
            assertThat(t.origin()).contains("of this build; what was compiled may differ");
        });
        assertThat(texts.find(file("common/none.cuh", 0), nothing)).isEmpty();
    }

    private static SourceHeat.File file(String name, long bytes) {
        return new SourceHeat.File("/build/cuda/" + name, bytes, new TreeMap<>());
    }
}
