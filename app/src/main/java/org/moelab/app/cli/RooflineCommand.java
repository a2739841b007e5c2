package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.moelab.app.roofline.RooflineFigure;
import org.moelab.app.run.RunPhase;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Ceiling;
import org.moelab.traces.roofline.Machine;
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
@Command(name = "roofline", description = "Show profiled kernels, or a run's operations, under the roofs of their machine, as figures or as a picture.", footer = {
        "",
        "Roofs are those of --machine where it is given, else the peaks that the report itself tells, else those of the",
        "machine that the device's name says. --list-machines shows the table with its sources. A run directory has the",
        "ceilings that the run measured; bytes and operations of its points are from shapes, times as captured.", "",
        "Examples:",
        "  moelab roofline profile.ncu-rep",
        "  moelab roofline profile.ncu-rep -o roofline.svg",
        "  moelab roofline profile.ncu-rep --machine H200-measured --format csv",
        "  moelab roofline RUN --layer 6 --from baseline --phase prefill -o prefill.svg", "",
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

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Nsight Compute reports, or run directories.")
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

    @Option(names = "--layer", paramLabel = "L", description = "The layer of a run directory. Default: its highest.")
    private Optional<String> layer = Optional.empty();

    @Option(names = "--phase", paramLabel = "P", description = "Of a run directory: decode (default) or prefill.")
    private RunPhase phase = RunPhase.DECODE;

    @Option(names = "--from", paramLabel = "L", description = "Of a run directory, in pictures: a layer from whose points arrows lead.")
    private Optional<String> from = Optional.empty();

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
            throw usage("name a report of Nsight Compute or a run directory");
        }
        Format as = format();
        Optional<Machine> asked = machine();
        try (Work work = Work.begin(terminal)) {
            RooflineSources sources = new RooflineSources(terminal, work, new RooflineSources.Part(layer, phase));
            for (Path file : files) {
                sources.add(file);
            }
            Roofline roofline = sources.roofline(asked, single);
            Optional<RooflineFigure.Reference> reference = from.isPresent()
                    ? Optional.of(sources.reference(from.get()))
                    : Optional.empty();
            if (as.isPicture()) {
                requirePictures();
                RooflinePicture.write(roofline, reference, theme == Theme.DARK, sources.caption(roofline),
                        output.orElseThrow());
            } else {
                write(roofline, as);
            }
        }
        return CommandLineInterface.DONE;
    }

    private void describe(Machine known) {
        terminal.out().println(known.id() + "  " + known.ceilings().machine());
        known.ceilings().bandwidths().forEach((level, ceiling) -> describe(known.ceilings().title(level),
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

    /// The Java of the archive for servers has no java.desktop, with which pictures are drawn.
    private static void requirePictures() throws CommandFailure {
        if (ModuleLayer.boot().findModule("java.desktop").isEmpty()) {
            throw new CommandFailure(
                    "this Java has no java.desktop, so that it draws no pictures; table, csv and json work");
        }
    }

    private void write(Roofline roofline, Format as) throws IOException {
        TextOutput out = new TextOutput(terminal.out(), output);
        out.write(switch (as) {
            case JSON -> to -> to.write(RooflineJson.of(roofline).toPrettyString() + "\n");
            case CSV -> to -> TableFormat.CSV.write(RooflineTable.of(roofline), to);
            case TABLE, SVG, PNG, PDF -> to -> TableFormat.TABLE.write(RooflineTable.of(roofline), to);
        });
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
