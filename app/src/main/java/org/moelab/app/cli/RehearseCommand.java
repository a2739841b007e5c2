package org.moelab.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.app.shell.WindowRehearsal;
import org.moelab.gpu.doctor.Doctor;
import org.moelab.gpu.host.Host;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.Reports;

import picocli.CommandLine.Command;

/// Runs the verbs and the window once on the example, while the build records which classes and methods they need: the ahead-of-time
/// cache holds what ran here.
@Command(name = "rehearse", hidden = true, description = "Run every verb once on the example, for the ahead-of-time cache.")
final class RehearseCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, CommandFailure {
        Path folder = Files.createTempDirectory("moelab-rehearsal");
        try {
            String reports = Reports.all().stream().map(Report::name).collect(Collectors.joining(","));
            perform(List.of("--help"));
            perform(List.of("doctor", "--json"));
            for (Path file : Example.recordings()) {
                perform(List.of("info", file.toString()));
                perform(List.of("info", file.toString(), "--json"));
                perform(List.of("stats", file.toString(), "--report", reports, "-o", folder.resolve("reports") + "/"));
                perform(List.of("convert", file.toString(), "-o", folder.resolve("converted.json.gz").toString()));
            }
            String first = Example.recordings().getFirst().toString();
            perform(List.of("compare", first, first));
            perform(List.of("roofline", "--list-machines"));
            for (Path run : Example.runs()) {
                perform(List.of("report", run.toString(), "-o", folder.resolve("report.html").toString()));
            }
            new HeadlessSession(nobody(), folder)
                    .write(Stream.concat(Example.runs().stream(), Example.recordings().stream()).toList());
            greetDisplay(folder);
            if (GuiCommand.hasToolkit()) {
                WindowRehearsal.perform(Example.runs());
            }
        } finally {
            delete(folder);
        }
        return CommandLineInterface.DONE;
    }

    /// What comes before a window opens, with a display that does no more than answer.
    private static void greetDisplay(Path folder) throws IOException {
        GuiCommand.plain(nobody(), GuiCommand.NAME);
        Path socket = folder.resolve("tmp/.X11-unix/X0");
        Files.createDirectories(folder.resolve("tmp/.X11-unix"));
        try (ServerSocketChannel display = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            display.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> answer(display));
            GuiCommand.obstacle(new Doctor(new Host(Map.of("DISPLAY", ":0"), folder)).examineDisplay());
        }
    }

    private static void answer(ServerSocketChannel display) {
        try (SocketChannel client = display.accept()) {
            client.write(ByteBuffer.allocate(Long.BYTES));
        } catch (IOException _) {
            // nobody came: the cache lacks a few classes
        }
    }

    private static void perform(List<String> arguments) {
        CommandLineInterface.run(nobody(), arguments.toArray(String[]::new));
    }

    private static Terminal nobody() {
        return Terminal.to(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("cannot clear " + folder, e);
        }
    }
}
