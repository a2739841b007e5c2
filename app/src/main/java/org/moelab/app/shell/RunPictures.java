package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.compare.CompareFigure;
import org.moelab.app.advice.AdviceViewModel;
import org.moelab.app.export.Caption;
import org.moelab.app.export.Figure;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.export.PictureFormat;
import org.moelab.app.inference.InferenceViewModel;
import org.moelab.app.inference.InferenceViewModel.Subject;
import org.moelab.app.layers.LayersViewModel;
import org.moelab.app.roofline.RooflineViewModel;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.speedup.SpeedupViewModel;
import org.moelab.app.speedup.TransformerFigure;
import org.moelab.app.speedup.TransformerLayersViewModel;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.compare.Comparison;
import org.moelab.traces.compare.ComparisonTables;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.stats.ReportTable;

/// What the window shows of a run, as picture and table files. Needs neither a display nor the toolkit.
public final class RunPictures {
    private static final double PNG_SCALE = 2;

    private RunPictures() {
    }

    /// Writes ladder, speedup, roofline, figures of the highest layer and advice of each phase, each as PNG, SVG, PDF and CSV,
    /// into a folder that exists.
    ///
    /// @param date the day for the caption
    /// @return the files written
    /// @throws IOException where one cannot be written
    public static List<Path> write(StoredRun run, LocalDate date, Palette palette, Path folder) throws IOException {
        Selection selection = new Selection();
        selection.runProperty().set(Optional.of(run));
        Catalogue catalogue = Catalogue.load();
        LayersViewModel layers = new LayersViewModel(selection, catalogue, OtherRuns.EXPECTED);
        SpeedupViewModel speedup = new SpeedupViewModel(selection, catalogue, OtherRuns.EXPECTED);
        RooflineViewModel roofline = new RooflineViewModel(selection);
        InferenceViewModel inference = new InferenceViewModel(selection);
        AdviceViewModel advice = AdviceViewModel.atOnce(selection, catalogue);
        Target target = new Target(caption(run, date), palette, folder, new ArrayList<>());
        for (RunPhase phase : List.of(RunPhase.DECODE, RunPhase.PREFILL)) {
            selection.phaseProperty().set(phase);
            target.write("layers-" + phase.label(), layers.figureProperty().getValue(), layers.table());
            target.write("speedup-" + phase.label(), speedup.figureProperty().getValue(), speedup.table());
            target.write("roofline-" + phase.label(), roofline.figureProperty().getValue(), roofline.table());
            target.write("inference-" + phase.label(), inference.figureProperty().getValue(),
                    inference.table(Subject.OPERATIONS));
            target.write("inference-experts-" + phase.label(), Optional.empty(), inference.table(Subject.EXPERTS));
            target.write("advice-" + phase.label(), advice.figureProperty().getValue(), advice.table());
        }
        target.write("inference-kv-cache", Optional.empty(), inference.table(Subject.CACHE));
        target.write("inference-times", Optional.empty(), inference.table(Subject.TIMES));
        return List.copyOf(target.written);
    }

    /// Writes the lowest layer with a captured timeline against the highest, by kernel and by transformer layer, as PNG, SVG,
    /// PDF and CSV, into a folder that exists.
    ///
    /// @param date the day for the caption
    /// @param source where timelines are read from
    /// @return the files written; none where the directory holds fewer than two timelines
    /// @throws IOException where one cannot be written
    /// @throws TraceReadException where a timeline cannot be read
    public static List<Path> compare(StoredRun run, LocalDate date, Palette palette, Path folder,
            RecordingSource source)
            throws IOException, TraceReadException {
        List<LayerResult> captured = run.layers().stream().filter(l -> run.timeline(l).isPresent()).toList();
        if (captured.size() < 2) {
            return List.of();
        }
        LayerResult low = captured.getFirst();
        LayerResult high = captured.getLast();
        Comparison comparison = Comparison.of(
                source.open(run.timeline(low).orElseThrow(), ImportMonitor.NONE),
                source.open(run.timeline(high).orElseThrow(), ImportMonitor.NONE), Grouping.KERNEL);
        Target target = new Target(caption(run, date), palette, folder, new ArrayList<>());
        for (RunPhase phase : List.of(RunPhase.DECODE, RunPhase.PREFILL)) {
            Optional<TransformerFigure> layers = TransformerLayersViewModel.read(run, low, high, phase);
            target.write("transformer-layers-" + phase.label(), layers,
                    layers.map(TransformerLayersViewModel::table));
        }
        target.write("compare", Optional.of(new CompareFigure(StoredRun.layerName(low.layer()),
                StoredRun.layerName(high.layer()), comparison, Optional.empty())),
                Optional.of(ComparisonTables.rows(comparison)));
        return List.copyOf(target.written);
    }

    /// Where a run's figures come from.
    static Caption caption(StoredRun run, LocalDate date) {
        String when = run.report().finished().map(f -> ", run of " + f.substring(0, Math.min(10, f.length())))
                .orElse("");
        return new Caption(run.name(), run.about() + " · MoE Lab " + run.report().versions().moelab() + when, date);
    }

    private record Target(Caption caption, Palette palette, Path folder, List<Path> written) {
        void write(String name, Optional<? extends Figure> figure, Optional<ReportTable> table) throws IOException {
            if (figure.isPresent()) {
                for (PictureFormat format : PictureFormat.values()) {
                    Path file = folder.resolve(name + "." + format.extension().toLowerCase(Locale.ROOT));
                    FigureWriter.preferred(figure.get(), palette, PNG_SCALE).write(figure.get(), caption, file);
                    written.add(file);
                }
            }
            if (table.isPresent()) {
                Path file = folder.resolve(name + "." + TableFormat.CSV.extension());
                TableFormat.CSV.write(table.get(), file);
                written.add(file);
            }
        }
    }
}
