package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.moelab.app.shell.MoeLabApplication;
import org.moelab.app.shell.StartMeasurement;
import org.moelab.gpu.doctor.Check;
import org.moelab.gpu.doctor.CheckStatus;
import org.moelab.gpu.doctor.Doctor;
import org.moelab.gpu.host.Host;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `moelab gui`, and `moelab` alone: the window, or where none can open, what it would show as files.
@Command(name = GuiCommand.NAME, description = {
        "Open the window on recordings and run directories, or on the bundled run of the ladder.",
        "Without a display, write what it would show into files: reports as CSV, timeline and kernel times as PNG, SVG and PDF." })
final class GuiCommand implements Callable<Integer> {
    static final String NAME = "gui";
    private static final String MEASURE_START = "--measure-start";
    private static final Path OUTPUT = Path.of("moelab-out");
    /// Absent in the archive for servers.
    private static final String TOOLKIT = "javafx/application/Application.class";
    private static final String INSTALL = "apt-get install ";

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Recordings, or run directories. Default: the bundled run; without a display also two recordings.")
    private List<Path> files = List.of();

    @Option(names = MEASURE_START, hidden = true, description = "Tell how long the window and its run took to show, and end.")
    private boolean measureStart;

    GuiCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /// The window on files alone, told without the parser of arguments, which takes a fifth of a second to start; empty where
    /// anything but existing files is named, or what may be a verb.
    static Optional<GuiCommand> plain(Terminal terminal, String... arguments) {
        List<String> named = List.of(arguments);
        boolean verb = !named.isEmpty() && named.getFirst().equals(NAME);
        List<String> rest = named.subList(verb ? 1 : 0, named.size());
        List<String> files = rest.stream().filter(argument -> !argument.equals(MEASURE_START)).toList();
        boolean known = verb || rest.isEmpty() || files.size() == rest.size() && isNoVerb(files.getFirst());
        if (!known || !files.stream().allMatch(file -> !file.startsWith("-") && !file.startsWith("@")
                && CommandLineInterface.isFile(file))) {
            return Optional.empty();
        }
        GuiCommand command = new GuiCommand(terminal);
        command.files = files.stream().map(Path::of).toList();
        command.measureStart = files.size() < rest.size();
        return Optional.of(command);
    }

    /// No verb holds any of these.
    private static boolean isNoVerb(String argument) {
        return argument.contains("/") || argument.contains(".");
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        if (!hasToolkit()) {
            throw new CommandFailure("no window: this is the command line alone (moelab --help lists its verbs)");
        }
        List<Path> shown = files.isEmpty() ? Example.runs() : files;
        Optional<String> obstacle = obstacle(new Doctor(Host.current()).examineDisplay());
        if (obstacle.isEmpty()) {
            try {
                if (measureStart) {
                    StartMeasurement.perform(shown, line -> {
                        terminal.out().println(line);
                        terminal.out().flush();
                    });
                } else {
                    MoeLabApplication.open(shown);
                }
                return CommandLineInterface.DONE;
            } catch (UnsupportedOperationException e) {
                // a display that refuses us: found out only by trying
                obstacle = Optional.of(PlainText.oneLine(String.valueOf(e.getMessage())));
            }
        }
        terminal.tell("no window: " + obstacle.get() + "; writing files into " + OUTPUT + " instead");
        System.setProperty("java.awt.headless", "true"); // or drawing would ask the display that was just found useless
        List<Path> written = new ArrayList<>(shown);
        if (files.isEmpty()) {
            written.addAll(Example.recordings());
        }
        return new HeadlessSession(terminal, OUTPUT).write(written)
                ? CommandLineInterface.DONE
                : CommandLineInterface.FAILED;
    }

    /// Whether this installation has what a window is made of.
    static boolean hasToolkit() {
        return GuiCommand.class.getClassLoader().getResource(TOOLKIT) != null;
    }

    /// Why no window can open, with the command that helps; empty where nothing is in its way.
    /// Found out beforehand, because JavaFX does not survive the lack of a library.
    static Optional<String> obstacle(List<Check> checks) {
        List<Check> missing = checks.stream().filter(c -> c.status() == CheckStatus.ABSENT).toList();
        Optional<Check> display = missing.stream().filter(c -> !c.remedy().startsWith(INSTALL)).findFirst();
        if (display.isPresent()) {
            return display.map(Check::detail);
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(missing.stream().map(Check::detail).collect(Collectors.joining(", ")) + " (" + INSTALL
                        + missing.stream().map(c -> c.remedy().substring(INSTALL.length()))
                                .collect(Collectors.joining(" "))
                        + ")");
    }
}
