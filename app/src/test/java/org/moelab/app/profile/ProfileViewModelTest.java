package org.moelab.app.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.profile.Measure.Section;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;

class ProfileViewModelTest {
    private static final Path NCU = Path.of("../traces/src/test/resources/h200/ncu");

    private final Selection selection = new Selection();
    private final ProfileViewModel model = new ProfileViewModel(selection);

    private static Recording read(Path file) throws TraceReadException {
        return Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private void open(String name) throws TraceReadException {
        selection.recordingProperty().set(Optional.of(read(NCU.resolve(name))));
    }

    private ProfileFigure figure() {
        return model.figureProperty().getValue().orElseThrow();
    }

    private static Measure find(KernelProfile profile, Section section, String label) {
        return profile.find(section, label).orElseThrow();
    }

    @Test
    void nothingOpen_hasNoFigure() {
        assertThat(model.figureProperty().getValue()).isEmpty();
        assertThat(model.table()).isEmpty();
    }

    @Test
    void report_firstKernel_hasTheFiguresOfTheRawPage() throws TraceReadException {
        open("scale.ncu-rep.gz");
        selection.eventProperty().set(OptionalInt.of(0));
        KernelProfile profile = figure().profile();

        // as the tool's own raw page prints them (scale_raw.csv.gz)
        assertThat(find(profile, Section.SPEED_OF_LIGHT, "Compute (SM)").value()).isCloseTo(27.453933, within(1e-5));
        assertThat(find(profile, Section.SPEED_OF_LIGHT, "L2").value()).isCloseTo(40.176720, within(1e-5));
        assertThat(find(profile, Section.OCCUPANCY, "Achieved").value()).isCloseTo(68.258136, within(1e-5));
        assertThat(profile.limitedBy()).isEqualTo("warps");
        assertThat(find(profile, Section.LAUNCH, "Blocks").text()).isEqualTo("4096");
        assertThat(find(profile, Section.LAUNCH, "Duration").value()).isCloseTo(5152, within(1e-6));
        assertThat(find(profile, Section.LAUNCH, "Registers a thread").value()).isEqualTo(16);
    }

    @Test
    void stalls_bySamples_areSortedSharesWithoutIssuing() throws TraceReadException {
        open("scale.ncu-rep.gz");
        selection.eventProperty().set(OptionalInt.of(0));
        List<Measure> stalls = figure().profile().of(Section.STALLS);

        // 208 of 315 samples, 5 of which were issuing
        assertThat(stalls.getFirst().label()).isEqualTo("long scoreboard");
        assertThat(stalls.getFirst().value()).isCloseTo(100 * 208 / 315.0, within(1e-9));
        assertThat(stalls).extracting(Measure::value).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(stalls).extracting(Measure::label).doesNotContain("selected", "barrier");
    }

    @Test
    void pageOfDetails_byLabels_hasTheSameSpeedOfLight() throws TraceReadException {
        open("scale_details.csv.gz");
        KernelReport report = (KernelReport) selection.recordingProperty().get().orElseThrow();
        KernelProfile byLabels = KernelProfile.of(report, report.kernels().getFirst());

        assertThat(find(byLabels, Section.SPEED_OF_LIGHT, "DRAM").value()).isCloseTo(17.08, within(0.01));
        assertThat(find(byLabels, Section.LAUNCH, "Duration").value()).isCloseTo(5150, within(1e-6));
        assertThat(find(byLabels, Section.LAUNCH, "Registers a thread").value()).isEqualTo(16);
        assertThat(byLabels.of(Section.STALLS)).as("not on such a page").isEmpty();
    }

    @Test
    void pin_otherKernel_isTheBaselineAndPinningItAgainEndsThat() throws TraceReadException {
        open("scale.ncu-rep.gz");
        selection.eventProperty().set(OptionalInt.of(0));
        model.pin();
        assertThat(figure().baseline()).as("a kernel is not its own baseline").isEmpty();

        model.selectNeighbour(1);

        assertThat(selection.eventProperty().get()).hasValue(1);
        assertThat(figure().baseline()).map(KernelProfile::index).contains(0);
        assertThat(TableFormat.CSV.render(model.table().orElseThrow())).contains("Baseline", "launch,Duration,");
        open("scale_details.csv.gz");
        assertThat(figure().baseline()).as("of another report").map(KernelProfile::index).contains(0);

        model.pin();
        assertThat(figure().baseline()).isEmpty();
        model.pin();
        assertThat(model.baselineProperty().getValue()).isEmpty();
    }

    @Test
    void selectNeighbour_atTheEnd_stays() throws TraceReadException {
        open("scale.ncu-rep.gz");
        for (int i = 0; i < 5; i++) {
            model.selectNeighbour(1);
        }
        assertThat(figure().profile().index()).isEqualTo(1);
    }

    @Test
    void corpus_everyKernelOfEveryReport_hasAProfile() throws Exception {
        Path corpus = Path.of(Optional.ofNullable(System.getenv("MOELAB_CORPUS")).orElse("../../shared/corpus"));
        Assumptions.assumeTrue(Files.isDirectory(corpus),
                "skipped: no corpus at " + corpus.toAbsolutePath().normalize());
        try (var files = Files.list(corpus.resolve("ncu"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".ncu-rep")).toList()) {
                KernelReport report = (KernelReport) read(file);
                report.kernels().forEach(k -> {
                    KernelProfile profile = KernelProfile.of(report, k);
                    assertThat(profile.of(Section.SPEED_OF_LIGHT)).as(file + ": " + k.index())
                            .allMatch(m -> m.value() >= 0);
                    assertThat(profile.of(Section.STALLS).stream().mapToDouble(Measure::value).sum())
                            .isLessThanOrEqualTo(100.0001);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_withBaseline_looksAsKept(boolean dark) throws Exception {
        open("scale.ncu-rep.gz");
        selection.eventProperty().set(OptionalInt.of(0));
        model.pin();
        model.selectNeighbour(1);

        Golden.check(FigureWriter.preferred(figure(), dark ? Palette.DARK : Palette.LIGHT, 1).image(figure(),
                new Caption("scale.ncu-rep", "Nsight Compute", LocalDate.of(2026, 11, 28))),
                "profile-figure-" + (dark ? "dark" : "light"));
    }
}
