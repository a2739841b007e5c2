package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/// NVIDIA's run-time compiler: CUDA C++ in memory to code for one architecture. It needs neither a GPU nor a driver, and no
/// file but its own two libraries. Any number of threads may compile at once.
///
/// Source of the functions: nvrtc.h of CUDA 12 and 13.
public final class Nvrtc {
    /// The compiler recurses deeply, and a Java thread's own stack is small.
    private static final long STACK_BYTES = 64L << 20;
    private static final Pattern ERROR = Pattern.compile("\\berror\\b");

    /// `nvrtcCreateProgram`: the program, its text and name, how many headers, their texts and the names they are included by.
    public interface CreateProgram {
        int call(MemorySegment program, MemorySegment text, MemorySegment name, int headers, MemorySegment texts,
                MemorySegment names);
    }

    private final ForeignLibrary library;
    private final String version;
    private final CreateProgram create;
    private final Signatures.PIP compile;
    private final Signatures.PP logBytes;
    private final Signatures.PP log;
    private final Signatures.PP codeBytes;
    private final Signatures.PP code;
    private final Signatures.P destroy;

    private Nvrtc(ForeignLibrary library) throws CudaUnavailableException {
        this.library = library;
        version = askVersion();
        create = library.bind(CreateProgram.class, "nvrtcCreateProgram", POINTER, POINTER, POINTER, INT, POINTER,
                POINTER);
        compile = library.bind(Signatures.PIP.class, "nvrtcCompileProgram", POINTER, INT, POINTER);
        logBytes = library.bind(Signatures.PP.class, "nvrtcGetProgramLogSize", POINTER, POINTER);
        log = library.bind(Signatures.PP.class, "nvrtcGetProgramLog", POINTER, POINTER);
        codeBytes = library.bind(Signatures.PP.class, "nvrtcGetCUBINSize", POINTER, POINTER);
        code = library.bind(Signatures.PP.class, "nvrtcGetCUBIN", POINTER, POINTER);
        destroy = library.bind(Signatures.P.class, "nvrtcDestroyProgram", POINTER);
    }

    /// What is compiled.
    ///
    /// @param name what the compiler's messages call the source
    /// @param text the source
    /// @param headers the texts of what it may include, by the exact words between the quotes
    /// @param architecture what to compile for, such as `sm_90a`
    /// @param options further options of the compiler
    public record Program(String name, String text, Map<String, String> headers, String architecture,
            List<String> options) {
        public Program {
            headers = Map.copyOf(headers);
            options = List.copyOf(options);
        }
    }

    /// Loads the compiler.
    ///
    /// @throws CudaUnavailableException where it is not installed or does not load
    public static Nvrtc open(LibraryFinder finder) throws CudaUnavailableException {
        return open(finder.find(CudaLibrary.RTC).orElseThrow(() -> new CudaUnavailableException(
                String.join(" or ", CudaLibrary.RTC.fileNames())
                        + " was not found: install the CUDA toolkit, or: pip install nvidia-cuda-nvrtc")));
    }

    static Nvrtc open(Path file) throws CudaUnavailableException {
        Nvrtc compiler = new Nvrtc(ForeignLibrary.open(file));
        loadBuiltins(file, compiler.version());
        return compiler;
    }

    /// The compiler opens a second library by its bare name, which the loader does not find beside the first, inside a
    /// Python environment for one. Once it is loaded by its path, it is found by its name. Where it lies elsewhere, the
    /// loader may find it yet.
    private static void loadBuiltins(Path compiler, String version) throws CudaUnavailableException {
        Path builtins = compiler.resolveSibling("libnvrtc-builtins.so." + version);
        if (Files.isRegularFile(builtins)) {
            ForeignLibrary.open(builtins);
        }
    }

    /// The compiler's version, such as `13.0`.
    public String version() {
        return version;
    }

    /// Compiles a program. The calling thread waits.
    ///
    /// @return a cubin
    /// @throws CudaException where the compiler refuses it, with the first error's source and line
    public byte[] compile(Program program) {
        try {
            return CompletableFuture.supplyAsync(() -> run(program),
                    task -> Thread.ofPlatform().name("nvrtc").daemon().stackSize(STACK_BYTES).start(task)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CudaException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private byte[] run(Program program) {
        String purpose = " (" + program.name() + " for " + program.architecture() + ")";
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + program.architecture(),
                "--modify-stack-limit=false")); // which would change the whole process
        options.addAll(program.options());
        List<Map.Entry<String, String>> headers = List.copyOf(program.headers().entrySet());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(POINTER);
            check("nvrtcCreateProgram" + purpose, create.call(pointer, arena.allocateFrom(program.text()),
                    arena.allocateFrom(program.name()), headers.size(),
                    strings(arena, headers.stream().map(Map.Entry::getValue).toList()),
                    strings(arena, headers.stream().map(Map.Entry::getKey).toList())), "");
            try {
                MemorySegment handle = pointer.get(POINTER, 0);
                int status = compile.call(handle, options.size(), strings(arena, options));
                if (status != 0) {
                    check("nvrtcCompileProgram" + purpose, status, firstError(log(handle, arena)));
                }
                return bytes("nvrtcGetCUBIN" + purpose, codeBytes, code, handle, arena);
            } finally {
                destroy.call(pointer);
            }
        }
    }

    private String log(MemorySegment handle, Arena arena) {
        byte[] text = bytes("nvrtcGetProgramLog", logBytes, log, handle, arena);
        return new String(text, 0, Math.max(0, text.length - 1), StandardCharsets.UTF_8); // less the closing zero
    }

    private byte[] bytes(String call, Signatures.PP size, Signatures.PP content, MemorySegment handle, Arena arena) {
        MemorySegment count = arena.allocate(LONG);
        check(call + " size", size.call(handle, count), "");
        MemorySegment bytes = arena.allocate(Math.max(1, count.get(LONG, 0)));
        check(call, content.call(handle, bytes), "");
        return bytes.asSlice(0, count.get(LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(POINTER, Math.max(1, texts.size()));
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(POINTER, i, arena.allocateFrom(texts.get(i)));
        }
        return array;
    }

    /// The first line of a log that tells of an error, its first line where none does.
    static String firstError(String log) {
        List<String> lines = log.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.stream().filter(line -> ERROR.matcher(line).find()).findFirst()
                .orElse(lines.isEmpty() ? "" : lines.getFirst());
    }

    private String askVersion() throws CudaUnavailableException {
        Signatures.PP ask = library.bind(Signatures.PP.class, "nvrtcVersion", POINTER, POINTER);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(INT);
            MemorySegment minor = arena.allocate(INT);
            check("nvrtcVersion", ask.call(major, minor), "");
            return major.get(INT, 0) + "." + minor.get(INT, 0);
        }
    }

    private void check(String call, int status, String meaning) {
        if (status != 0) {
            String name = library
                    .find(Signatures.Description.class, "nvrtcGetErrorString", FunctionDescriptor.of(POINTER, INT))
                    .map(text -> ForeignLibrary.string(text.of(status))).orElse("NVRTC error");
            throw new CudaException(call, status, name, meaning);
        }
    }
}
