package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.app.export.Caption;
import org.moelab.app.roofline.RooflineFigure;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.RunRoofline;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Ceilings;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.Machine;
import org.moelab.traces.roofline.ProfiledWork;
import org.moelab.traces.roofline.Roofline;
import org.moelab.traces.roofline.RooflinePointSource;

/// What a roofline of the command line is made of: reports of Nsight Compute and run directories, put together.
final class RooflineSources {
    /// Which part of a run directory is meant.
    ///
    /// @param layer its id; empty for the highest
    record Part(Optional<String> layer, RunPhase phase) {}

    private record Source(Path file, RooflinePointSource points, String madeBy) {}

    private final Terminal terminal;
    private final Work work;
    private final Part part;
    private final List<Source> sources = new ArrayList<>();
    private final List<StoredRun> runs = new ArrayList<>();

    RooflineSources(Terminal terminal, Work work, Part part) {
        this.terminal = terminal;
        this.work = work;
        this.part = part;
    }

    /// Reads a file or a run directory.
    void add(Path file) throws TraceReadException, IOException, CommandFailure {
        if (StoredRun.isRun(file)) {
            StoredRun run = StoredRun.read(file);
            runs.add(run);
            LayerResult layer = layer(run, part.layer.orElse(run.top().layer()));
            sources.add(new Source(file, new RunRoofline(run, layer, part.phase),
                    StoredRun.layerName(layer.layer()) + ", "
                            + part.phase.label() + " · MoE Lab " + run.report().versions().moelab()));
            return;
        }
        Recording recording = work.open(file);
        work.tellWarnings(recording);
        if (!(recording instanceof KernelReport report)) {
            throw new CommandFailure(file + ": a timeline counts neither bytes nor operations of kernels;"
                    + " profile them with ncu --set roofline");
        }
        sources.add(new Source(file, new ProfiledWork(report),
                (report.info().format().title() + " " + report.info().version()).strip()));
    }

    private static LayerResult layer(StoredRun run, String id) throws CommandFailure {
        return run.layer(id).orElseThrow(() -> new CommandFailure(run.folder() + ": has no layer '" + id
                + "'; it has " + run.layers().stream().map(LayerResult::layer).collect(Collectors.joining(", "))));
    }

    /// The points of another layer of the first run directory.
    RooflineFigure.Reference reference(String layer) throws CommandFailure {
        if (runs.isEmpty()) {
            throw new CommandFailure(sources.getFirst().file + ": has no layers, so that --from means nothing");
        }
        StoredRun run = runs.getFirst();
        RunRoofline points = new RunRoofline(run, layer(run, layer), part.phase);
        return new RooflineFigure.Reference(StoredRun.layerName(layer),
                Roofline.of(points.work(), points.ceilings(), points.missing()));
    }

    /// All kernels under one machine's roofs.
    ///
    /// @param asked the machine that was asked for
    /// @param single whether every launch is a point of its own
    Roofline roofline(Optional<Machine> asked, boolean single) throws CommandFailure {
        List<KernelWork> kernels = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>();
        Ceilings own = Ceilings.unknown(asked.map(m -> m.ceilings().machine()).orElse(""));
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            kernels.addAll(source.points.work());
            source.points.missing().forEach(m -> missing.add(source.file + ": " + m));
            Ceilings told = source.points.ceilings();
            own = i == 0 && asked.isEmpty() ? told : own.completedBy(told);
        }
        if (kernels.isEmpty()) {
            throw new CommandFailure(missing.isEmpty()
                    ? sources.getFirst().file + ": holds no kernels"
                    : String.join("; ", missing));
        }
        refuseMixture(kernels, asked);
        missing.forEach(terminal::tell);
        Ceilings all = ceilings(own, asked, kernels);
        if (all.isEmpty()) {
            terminal.tell("no roofs are known for '" + String.join("', '", devices(kernels))
                    + "': name a machine with --machine");
        }
        return Roofline.of(single ? kernels : KernelWork.byName(kernels), all, List.copyOf(missing));
    }

    /// The machine that was asked for goes before what the sources tell; the one that is guessed from a name behind, and not
    /// at all where a run measured its own.
    private Ceilings ceilings(Ceilings own, Optional<Machine> asked, List<KernelWork> kernels) {
        if (asked.isPresent()) {
            return asked.get().ceilings().completedBy(own);
        }
        if (!runs.isEmpty() && !own.isEmpty()) {
            return own;
        }
        return kernels.stream().map(KernelWork::device).distinct().flatMap(d -> Machine.ofDevice(d).stream())
                .findFirst().map(machine -> own.completedBy(machine.ceilings())).orElse(own);
    }

    /// One device's roofs say nothing of another's kernels.
    private static void refuseMixture(List<KernelWork> kernels, Optional<Machine> asked) throws CommandFailure {
        Set<String> devices = devices(kernels);
        if (devices.size() > 1 && asked.isEmpty()) {
            throw new CommandFailure("the kernels ran on different devices (" + String.join(", ", devices)
                    + "): show each alone, or name one machine for all with --machine");
        }
    }

    private static Set<String> devices(List<KernelWork> kernels) {
        return kernels.stream().map(KernelWork::device).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Where the figures of a picture come from.
    Caption caption(Roofline roofline) {
        String tools = sources.stream().map(Source::madeBy).distinct().collect(Collectors.joining(", "));
        int launches = roofline.kernels().stream().mapToInt(KernelWork::launches).sum();
        long names = roofline.kernels().stream().map(KernelWork::name).distinct().count();
        String what = runs.isEmpty()
                ? Unit.counted(names, "kernel") + ", " + Unit.COUNT.format(launches)
                        + (launches == 1 ? " launch" : " launches")
                : Unit.counted(names, "operation");
        return new Caption(name() + (sources.size() > 1 ? " and " + (sources.size() - 1) + " more" : ""),
                tools + " · " + what, LocalDate.now(ZoneId.systemDefault()));
    }

    private String name() {
        return runs.isEmpty()
                ? String.valueOf(sources.getFirst().file.getFileName())
                : runs.getFirst().name();
    }
}
