package org.moelab.gpu.kernels;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.moelab.gpu.cuda.Nvrtc;
import org.moelab.gpu.cuda.Nvrtc.Program;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.SourceTree;
import org.moelab.kernels.Variant;

/// Compiles the lab's sources on the machine where they run, each once for an architecture and a variant: what was compiled
/// before comes from the cache. Each source is compiled on its own, without what others define.
final class RuntimeCompiler {
    /// As the build compiles, so that a variant differs by its switches alone.
    private static final List<String> OPTIONS = List.of("--std=c++20", "--generate-line-info");

    private final String compiler;
    private final Compilation compilation;
    private final String architecture;
    private final SourceTree sources;
    private final KernelCache cache;

    /// Compiles one program to a cubin.
    interface Compilation {
        /// @throws org.moelab.gpu.cuda.CudaException where the program has an error
        byte[] compile(Program program);
    }

    /// @param compiler the compiler's name and version
    /// @param architecture what to compile for, such as `sm_90a`
    RuntimeCompiler(String compiler, Compilation compilation, String architecture, SourceTree sources,
            KernelCache cache) {
        this.compiler = compiler;
        this.compilation = compilation;
        this.architecture = architecture;
        this.sources = sources;
        this.cache = cache;
    }

    static RuntimeCompiler of(Nvrtc nvrtc, String architecture, SourceTree sources, KernelCache cache) {
        return new RuntimeCompiler("NVRTC " + nvrtc.version(), nvrtc::compile, architecture, sources, cache);
    }

    /// The code of one source.
    ///
    /// @param source its path among the sources
    /// @throws org.moelab.gpu.cuda.CudaException where it does not compile
    byte[] cubin(String source, Variant variant) {
        return cubin(sources, source, variant);
    }

    /// The code of a group of row-wise operations.
    ///
    /// @throws org.moelab.gpu.cuda.CudaException where it does not compile
    byte[] cubin(FusedGroup group) {
        SourceTree all = group.into(sources);
        return cubin(all, group.path(), group.variant(all));
    }

    private byte[] cubin(SourceTree tree, String source, Variant variant) {
        SourceTree part = tree.selfContained(source);
        Map<String, String> headers = new HashMap<>(part.files());
        headers.remove(source);
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(variant.definitions());
        Program program = new Program(source, part.text(source), headers, architecture, options);
        String key = key(program);
        return cache.find(key).orElseGet(() -> {
            byte[] code = compilation.compile(program);
            cache.keep(key, code);
            return code;
        });
    }

    /// The code of every source with all its techniques, by the sources' paths. They are compiled on all cores.
    ///
    /// @throws org.moelab.gpu.cuda.CudaException where one does not compile
    Map<String, byte[]> cubins() {
        return sources.compiled().parallelStream().map(source -> Map.entry(source, cubin(source, Variant.FULL)))
                .collect(TreeMap::new, (all, one) -> all.put(one.getKey(), one.getValue()), Map::putAll);
    }

    /// A checksum of all that the code depends on.
    private String key(Program program) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<String> parts = new ArrayList<>(List.of(compiler, program.architecture(), program.name(), program.text()));
        new TreeMap<>(program.headers()).forEach((name, text) -> parts.addAll(List.of(name, text)));
        parts.addAll(program.options());
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            content.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            content.writeBytes(bytes);
        }
        return KernelManifest.sha256(content.toByteArray());
    }
}
