package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Unit;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line as a function: arguments in, text on a [Terminal] and an exit code out.
public final class CommandLineInterface {
    /// Exit code of a command that did what it was asked.
    public static final int DONE = 0;
    /// Exit code of a command that failed, after one line on the terminal's `err`.
    public static final int FAILED = 1;
    /// Exit code of arguments that mean nothing, after one line on the terminal's `err`.
    public static final int WRONG_USAGE = 2;

    private CommandLineInterface() {
    }

    /// Runs one command to its end.
    ///
    /// @return [#DONE], [#FAILED] or [#WRONG_USAGE]
    public static int run(Terminal terminal, String... arguments) {
        return GuiCommand.plain(terminal, arguments).map(window -> open(window, terminal))
                .orElseGet(() -> parse(terminal, arguments));
    }

    private static int open(GuiCommand window, Terminal terminal) {
        try {
            return written(terminal, window.call(), false);
        } catch (IOException | CommandFailure | RuntimeException e) {
            return fail(terminal, line(e), e, false);
        } catch (OutOfMemoryError e) {
            return fail(terminal, notEnoughMemory(), e, false);
        } catch (LinkageError | StackOverflowError e) {
            return fail(terminal, unexpected(e), e, false);
        }
    }

    private static int written(Terminal terminal, int exitCode, boolean verbose) {
        return terminal.out().checkError() && exitCode == DONE
                ? fail(terminal, "standard output was closed or is full before all was written",
                        new IOException("write to standard output"), verbose)
                : exitCode;
    }

    private static int parse(Terminal terminal, String... arguments) {
        RootCommand root = new RootCommand(terminal);
        CommandLine commandLine = new CommandLine(root).addSubcommand(new GuiCommand(terminal));
        addVerbs(commandLine, terminal);
        commandLine
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, CommandLineInterface::path)
                .setParameterExceptionHandler(usageLine())
                .setExecutionExceptionHandler(failureLine(root));
        int exitCode;
        try {
            exitCode = commandLine.execute(withVerb(commandLine, arguments));
        } catch (OutOfMemoryError e) {
            exitCode = fail(terminal, notEnoughMemory(), e, root.verbose());
        } catch (LinkageError | StackOverflowError e) {
            exitCode = fail(terminal, unexpected(e), e, root.verbose());
        }
        return written(terminal, exitCode, root.verbose());
    }

    /// All verbs but that of the window.
    private static void addVerbs(CommandLine commandLine, Terminal terminal) {
        commandLine
                .addSubcommand(new DoctorCommand(terminal))
                .addSubcommand(new InfoCommand(terminal))
                .addSubcommand(new StatsCommand(terminal))
                .addSubcommand(new CompareCommand(terminal))
                .addSubcommand(new RooflineCommand(terminal))
                .addSubcommand(new AdviseCommand(terminal))
                .addSubcommand(new ReportCommand(terminal))
                .addSubcommand(new CheckCommand(terminal))
                .addSubcommand(new ExpectCommand(terminal))
                .addSubcommand(new PeersCommand(terminal))
                .addSubcommand(new ConvertCommand(terminal))
                .addSubcommand(new RehearseCommand())
                .addSubcommand(new LayersCommand(terminal))
                .addSubcommand(new TechniquesCommand(terminal))
                .addSubcommand(new GenerateCommand(terminal))
                .addSubcommand(new BenchCommand(terminal))
                .addSubcommand(new RunCommand(terminal))
                .addSubcommand(new ProfiledCommand())
                .addSubcommand(new AnalyzeCommand(terminal))
                .addSubcommand(new AblateCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal))
                .addSubcommand(new ExportCheckpointCommand(terminal));
    }

    /// Files without a verb are opened.
    private static String[] withVerb(CommandLine commandLine, String[] arguments) {
        int first = 0;
        while (first < arguments.length && arguments[first].startsWith("-")) {
            first++;
        }
        if (first == arguments.length || commandLine.getSubcommands().containsKey(arguments[first])
                || !isFile(arguments[first])) {
            return arguments;
        }
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(first, "gui");
        return all.toArray(String[]::new);
    }

    /// A path: an empty name is a variable that was not set as a rule, and would mean the working directory.
    private static Path path(String argument) {
        if (argument.isEmpty()) {
            throw new TypeConversionException("'' names no file or folder");
        }
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) {
            String locale = System.getProperty("sun.jnu.encoding", "").equals("UTF-8")
                    ? ""
                    : "; the locale knows few characters, set LC_ALL=C.UTF-8";
            throw new TypeConversionException("'" + argument + "' is no path here: " + e.getReason() + locale);
        }
    }

    static boolean isFile(String argument) {
        try {
            return !argument.isEmpty() && Files.exists(Path.of(argument));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static IParameterExceptionHandler usageLine() {
        return (ParameterException e, String[] arguments) -> {
            CommandLine command = e.getCommandLine();
            String name = command.getCommandSpec().qualifiedName();
            String problem = e instanceof UnmatchedArgumentException unmatched && command.getParent() == null
                    ? unmatched.getUnmatched().getFirst() + " is neither a verb nor a file"
                    : String.valueOf(e.getMessage());
            command.getErr().println(name + ": " + PlainText.oneLine(problem) + " (see " + name + " --help)");
            return WRONG_USAGE;
        };
    }

    private static IExecutionExceptionHandler failureLine(RootCommand root) {
        return (Exception e, CommandLine command, ParseResult result) -> {
            Terminal terminal = new Terminal(command.getOut(), command.getErr(), false);
            return fail(terminal, line(e), e, root.verbose());
        };
    }

    private static String line(Exception e) {
        return switch (e) {
            case TraceReadException _,CommandFailure _ -> String.valueOf(e.getMessage());
            case CancellationException _ -> "cancelled";
            case IOException io -> FileProblem.describe(io);
            default -> unexpected(e);
        };
    }

    private static String notEnoughMemory() {
        return "not enough memory: " + Unit.BYTES.format((double) Runtime.getRuntime().maxMemory())
                + " are allowed; MOELAB_JAVA_OPTIONS=-Xmx32g allows 32 GB";
    }

    private static String unexpected(Throwable cause) {
        if (Interruption.isEnding()) {
            return "interrupted before all was written";
        }
        // what a class needs when it is first used is read from files, too
        return Stream.<Throwable>iterate(cause, Objects::nonNull, Throwable::getCause)
                .filter(IOException.class::isInstance).map(IOException.class::cast).map(FileProblem::describe)
                .findFirst().orElseGet(() -> "internal error: " + cause + " (--verbose shows where)");
    }

    private static int fail(Terminal terminal, String line, Throwable cause, boolean verbose) {
        terminal.out().flush();
        terminal.tell(line);
        if (verbose) {
            cause.printStackTrace(terminal.err());
        }
        terminal.err().flush();
        return FAILED;
    }
}
