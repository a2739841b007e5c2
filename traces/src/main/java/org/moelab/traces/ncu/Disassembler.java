package org.moelab.traces.ncu;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.moelab.traces.model.Cubin;

/// Machine code as text, by the CUDA toolkit's `nvdisasm` or `cuobjdump` where one is installed. Nothing needs it.
public final class Disassembler {
    private static final long PATIENCE_S = 120;
    private static final Pattern FUNCTION = Pattern
            .compile("^(?:\\.text\\.|//-+ \\.text\\.)(\\S+?)(?::| +-+)\\s*$|^\\s*Function : (\\S+)");
    private static final Pattern INSTRUCTION = Pattern.compile("^\\s*/\\*([0-9a-f]{4,8})\\*/\\s+(.*?)\\s*;");
    private static final List<Tool> TOOLS = List.of(new Tool("nvdisasm", "-c"), new Tool("cuobjdump", "-sass"));

    private final Path program;
    private final String option;

    private Disassembler(Path program, String option) {
        this.program = program;
        this.option = option;
    }

    private record Tool(String name, String option) {}

    /// An instruction.
    ///
    /// @param offset from the function's first instruction, in bytes
    /// @param text such as `LDC R1, c[0x0][0x28]`
    public record Instruction(int offset, String text) {}

    /// A disassembler from the folders of `PATH`, else from the toolkit that `CUDA_HOME` or `CUDA_PATH` names, else from
    /// `/usr/local/cuda`.
    public static Optional<Disassembler> find() {
        return find(System.getenv(), Path.of("/usr/local/cuda/bin"));
    }

    static Optional<Disassembler> find(Map<String, String> environment, Path usual) {
        List<Path> folders = new ArrayList<>();
        Stream.of(environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
                .filter(f -> !f.isBlank()).map(Path::of).forEach(folders::add);
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            Optional.ofNullable(environment.get(variable)).filter(f -> !f.isBlank())
                    .ifPresent(f -> folders.add(Path.of(f, "bin")));
        }
        folders.add(usual);
        for (Tool tool : TOOLS) {
            for (Path folder : folders) {
                for (String name : List.of(tool.name(), tool.name() + ".exe")) {
                    if (Files.isExecutable(folder.resolve(name))) {
                        return Optional.of(new Disassembler(folder.resolve(name), tool.option()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /// The program's name, such as `nvdisasm`.
    public String name() {
        return String.valueOf(program.getFileName());
    }

    /// The instructions of every function of a module, by mangled name.
    ///
    /// @throws IOException where the tool fails; the message holds what it said
    public SequencedMap<String, List<Instruction>> disassemble(Cubin cubin) throws IOException {
        Path file = Files.createTempFile("moelab", ".cubin");
        Path listing = Files.createTempFile("moelab", ".sass");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                cubin.writeTo(out);
            }
            run(file, listing);
            try (Reader text = Files.newBufferedReader(listing, StandardCharsets.UTF_8)) {
                return parse(text);
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(listing);
        }
    }

    private void run(Path file, Path listing) throws IOException {
        Process process = new ProcessBuilder(program.toString(), option, file.toString()).redirectErrorStream(true)
                .redirectOutput(listing.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IOException(program + " took longer than " + PATIENCE_S + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " ran", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            try (Stream<String> said = Files.lines(listing)) {
                throw new IOException(program + ": " + said.findFirst().orElse("exit " + process.exitValue()));
            }
        }
    }

    /// Reads what either tool prints.
    static SequencedMap<String, List<Instruction>> parse(Reader listing) throws IOException {
        SequencedMap<String, List<Instruction>> functions = new LinkedHashMap<>();
        List<Instruction> current = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(listing)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher function = FUNCTION.matcher(line);
                if (function.find()) {
                    current = functions.computeIfAbsent(
                            Optional.ofNullable(function.group(1)).orElseGet(() -> function.group(2)),
                            _ -> new ArrayList<>());
                    continue;
                }
                Matcher instruction = INSTRUCTION.matcher(line);
                if (instruction.find()) {
                    current.add(new Instruction(Integer.parseInt(instruction.group(1), 16), instruction.group(2)));
                }
            }
        }
        return functions;
    }
}
