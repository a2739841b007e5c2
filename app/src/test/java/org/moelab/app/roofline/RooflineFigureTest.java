package org.moelab.app.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.figure.LogScale;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.roofline.Ceilings;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Roofline;

class RooflineFigureTest {
    private static final Caption CAPTION = new Caption("sample", "made-up figures", LocalDate.of(2026, 11, 24));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_ofEveryFamily_looksAsKept(boolean dark) throws IOException {
        RooflineFigure figure = RooflineFigure.of(SampleRoofline.decode());

        Golden.check(FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, 1).image(figure, CAPTION),
                "roofline-figure-" + (dark ? "dark" : "light"));
    }

    @Test
    void svg_holdsRoofsAndLabelsAsText() throws IOException {
        RooflineFigure figure = RooflineFigure.of(SampleRoofline.decode());
        Path file = folder.resolve("roofline.svg");

        FigureWriter.preferred(figure, Palette.LIGHT, 1).write(figure, CAPTION, file);

        assertThat(Files.readString(file)).contains("BF16 tensor  989.4 TFLOP/s", "HBM  4.800 TB/s",
                "moe_gate_up_swiglu_mxfp4", "copy_kv_cache", "from a datasheet", "above a roof: suspect");
    }

    @Test
    void placed_kernelsWithoutOperations_areInTheStripInstead() {
        RooflineFigure figure = RooflineFigure.of(SampleRoofline.decode());

        assertThat(figure.placed()).hasSize(18).allMatch(p -> p.intensity() > 0);
        assertThat(figure.withoutWork()).extracting(p -> p.kernel().name()).containsExactly("copy_kv_cache",
                "copy_kv_cache", "fill_kernel", "fill_kernel");
    }

    @Test
    void draw_nothingKnown_isStillAPicture() throws IOException {
        KernelWork copy = new KernelWork("copy", 1, 10, java.util.Map.of(MemoryLevel.HBM, 5.0), java.util.Map.of(),
                KernelWork.Basis.MEASURED, "");
        for (List<KernelWork> work : List.of(List.<KernelWork>of(), List.of(copy))) {
            RooflineFigure figure = RooflineFigure.of(Roofline.of(work, Ceilings.unknown(""), List.of()));

            assertThat(FigureWriter.preferred(figure, Palette.DARK, 1).image(figure, CAPTION).getWidth())
                    .isGreaterThan(100);
        }
    }

    @Test
    void marker_ofFamiliesInTheLegend_areAllDifferent() {
        EnumSet<OperationKind> kinds = EnumSet.complementOf(
                EnumSet.of(OperationKind.OTHER, OperationKind.CALL, OperationKind.IDLE));

        assertThat(kinds.stream().map(Marker::of)).doesNotHaveDuplicates();
    }

    @Test
    void place_manyLabelsAtOnePoint_coverNothing() {
        LabelLayout layout = new LabelLayout(new Rectangle2D.Double(0, 0, 400, 300));
        Rectangle2D point = new Rectangle2D.Double(195, 145, 10, 10);
        layout.avoid(point);
        List<Rectangle2D> placed = new ArrayList<>(List.of(point));
        for (int i = 0; i < 40; i++) {
            layout.place(new Point2D.Double(200, 150), 5, 60, 14).ifPresent(box -> {
                assertThat(placed).noneMatch(box::intersects);
                placed.add(box);
            });
        }
        assertThat(placed).hasSizeBetween(8, 40);
    }

    @Test
    void logScale_decades_areEvenlyApart() {
        LogScale scale = new LogScale(0.1, 1000, 0, 400);

        assertThat(scale.decades()).hasSize(5);
        assertThat(scale.at(0.1)).isZero();
        assertThat(scale.at(1)).isCloseTo(100, within(1e-9));
        assertThat(scale.at(1000)).isCloseTo(400, within(1e-9));
    }
}
