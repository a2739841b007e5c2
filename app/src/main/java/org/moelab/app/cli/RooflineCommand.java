package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.roofline.RooflineFigure;
import org.moelab.app.theme.Palette;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Ceiling;
import org.moelab.traces.roofline.Ceilings;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.Machine;
import org.moelab.traces.roofline.ProfiledWork;
import org.moelab.traces.roofline.Roofline;
import org.moelab.traces.roofline.RooflineJson;
import org.moelab.traces.roofline.RooflineTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `moelab roofline`: kernels under the roofs of their machine.
@Command(name = "roofline", description = "Show profiled kernels under the roofs of their machine, as figures or as a picture.", footer = {
        "",
        "Roofs are those of --machine where it is given, else the peaks that the report itself tells, else those of the",
        "machine that the device's name says. --list-machines shows the table with its sources.", "",
        "Examples:",
        "  moelab roofline profile.ncu-rep",
        "  moelab roofline profile.ncu-rep -o roofline.svg",
        "  moelab roofline profile.ncu-rep --machine H200-measured --format csv", "",
        RootCommand.EXIT_CODES })
final class RooflineCommand implements Callable<Integer> {
    private enum Format {
        TABLE, JSON, CSV, SVG, PNG, PDF;

        boolean isPicture() {
            return this == SVG || this == PNG || this == PDF;
        }

        String ending() {
            return "." + (this == TABLE ? "txt" : name().toLowerCase(Locale.ROOT));
        }
    }

    private enum Theme {
        LIGHT, DARK
    }

    private static final double PNG_SCALE = 2;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Nsight Compute reports.")
    private List<Path> files = List.of();

    @Option(names = "--machine", paramLabel = "NAME", description = "Take the roofs that the table has for this machine.")
    private Optional<String> machine = Optional.empty();

    @Option(names = "--format", paramLabel = "F", description = "table, json, csv, svg, png or pdf. Default: by the ending of -o, else table.")
    private Optional<Format> format = Optional.empty();

    @Option(names = { "-o",
            "--output" }, paramLabel = "OUT", description = "A file; pictures need one. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--single", description = "A point for each launch, in place of one for all launches of a name.")
    private boolean single;

    @Option(names = "--theme", paramLabel = "T", description = "light (default) or dark, for pictures.")
    private Theme theme = Theme.LIGHT;

    @Option(names = "--list-machines", description = "List the machines and where their figures come from.")
    private boolean list;

    RooflineCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException, CommandFailure {
        if (list) {
            Machine.all().forEach(this::describe);
            return CommandLineInterface.DONE;
        }
        if (files.isEmpty()) {
            throw usage("name a report of Nsight Compute");
        }
        Format as = format();
        Optional<Machine> asked = machine();
        try (Work work = Work.begin(terminal)) {
            List<Recording> recordings = new ArrayList<>();
            for (Path file : files) {
                Recording recording = work.open(file);
                work.tellWarnings(recording);
                recordings.add(recording);
            }
            write(roofline(recordings, asked), recordings, as);
        }
        return CommandLineInterface.DONE;
    }

    private void describe(Machine known) {
        terminal.out().println(known.id() + "  " + known.ceilings().machine());
        known.ceilings().bandwidths().forEach((level, ceiling) -> describe(level.title(),
                Unit.BYTES_PER_SECOND.format(ceiling.perSecond()), ceiling));
        known.ceilings().rates().forEach((precision, ceiling) -> describe(precision.title(),
                Unit.FLOP_PER_SECOND.format(ceiling.perSecond()), ceiling));
    }

    private void describe(String what, String figure, Ceiling ceiling) {
        terminal.out().printf(Locale.ROOT, "  %-12s %14s  %s: %s%n", what, figure, ceiling.origin().title(),
                ceiling.citation());
    }

    private Format format() {
        Optional<Format> byEnding = output.flatMap(file -> List.of(Format.values()).stream()
                .filter(f -> file.toString().toLowerCase(Locale.ROOT).endsWith(f.ending())).findFirst());
        Format as = format.or(() -> byEnding).orElse(Format.TABLE);
        if (as.isPicture() && output.isEmpty()) {
            throw usage("a picture needs a file: -o FILE" + as.ending());
        }
        if (as.isPicture() && byEnding.filter(as::equals).isEmpty()) {
            throw usage("the name of a " + as + " picture ends in " + as.ending());
        }
        return as;
    }

    private Optional<Machine> machine() {
        machine.filter(id -> Machine.ofId(id).isEmpty()).ifPresent(id -> {
            throw usage("no machine is called '" + id + "'; there are "
                    + Machine.all().stream().map(Machine::id).collect(Collectors.joining(", ")));
        });
        return machine.flatMap(Machine::ofId);
    }

    private Roofline roofline(List<Recording> recordings, Optional<Machine> asked) throws CommandFailure {
        List<KernelWork> kernels = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>();
        Ceilings ceilings = Ceilings.unknown(asked.map(m -> m.ceilings().machine()).orElse(""));
        for (int i = 0; i < recordings.size(); i++) {
            if (!(recordings.get(i) instanceof KernelReport report)) {
                throw new CommandFailure(files.get(i) + ": a timeline counts neither bytes nor operations of kernels;"
                        + " profile them with ncu --set roofline");
            }
            ProfiledWork profiled = new ProfiledWork(report);
            kernels.addAll(profiled.work());
            Path file = files.get(i);
            profiled.missing().forEach(m -> missing.add(file + ": " + m));
            ceilings = i == 0 && asked.isEmpty() ? profiled.ceilings() : ceilings.completedBy(profiled.ceilings());
        }
        if (kernels.isEmpty()) {
            throw new CommandFailure(
                    missing.isEmpty() ? files.getFirst() + ": holds no kernels" : String.join("; ", missing));
        }
        refuseMixture(kernels, asked);
        missing.forEach(terminal::tell);
        Ceilings all = asked.map(Machine::ceilings).or(() -> ofDevice(kernels)).map(withAsked(asked, ceilings))
                .orElse(ceilings);
        tellOfRoofs(all, kernels);
        return Roofline.of(single ? kernels : KernelWork.byName(kernels), all, List.copyOf(missing));
    }

    /// The machine that was asked for goes before the report's own peaks, the one that is guessed from a name behind.
    private static java.util.function.UnaryOperator<Ceilings> withAsked(Optional<Machine> asked, Ceilings reported) {
        return table -> asked.isPresent() ? table.completedBy(reported) : reported.completedBy(table);
    }

    private static Optional<Ceilings> ofDevice(List<KernelWork> kernels) {
        return kernels.stream().map(KernelWork::device).distinct().flatMap(d -> Machine.ofDevice(d).stream())
                .map(Machine::ceilings).findFirst();
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

    private void tellOfRoofs(Ceilings ceilings, List<KernelWork> kernels) {
        if (ceilings.isEmpty()) {
            terminal.tell("no roofs are known for '" + String.join("', '", devices(kernels))
                    + "': name a machine with --machine");
        }
    }

    private void write(Roofline roofline, List<Recording> recordings, Format as) throws IOException {
        TextOutput out = new TextOutput(terminal.out(), output);
        switch (as) {
            case TABLE -> out.write(to -> TableFormat.TABLE.write(RooflineTable.of(roofline), to));
            case CSV -> out.write(to -> TableFormat.CSV.write(RooflineTable.of(roofline), to));
            case JSON -> out.write(to -> to.write(RooflineJson.of(roofline).toPrettyString() + "\n"));
            case SVG, PNG, PDF -> {
                RooflineFigure figure = RooflineFigure.of(roofline);
                FigureWriter.preferred(figure, theme == Theme.DARK ? Palette.DARK : Palette.LIGHT, PNG_SCALE)
                        .write(figure, caption(roofline, recordings), output.orElseThrow());
            }
        }
    }

    private Caption caption(Roofline roofline, List<Recording> recordings) {
        String tools = recordings.stream()
                .map(r -> (r.info().format().title() + " " + r.info().version()).strip()).distinct()
                .collect(Collectors.joining(", "));
        int launches = roofline.kernels().stream().mapToInt(KernelWork::launches).sum();
        long names = roofline.kernels().stream().map(KernelWork::name).distinct().count();
        return new Caption(
                files.getFirst().getFileName() + (files.size() > 1 ? " and " + (files.size() - 1) + " more" : ""),
                tools + " · " + Unit.counted(names, "kernel") + ", " + Unit.COUNT.format(launches)
                        + (launches == 1 ? " launch" : " launches"),
                LocalDate.now(ZoneId.systemDefault()));
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
