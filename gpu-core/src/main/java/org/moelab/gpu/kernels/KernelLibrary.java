package org.moelab.gpu.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaModule;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.Nvrtc;
import org.moelab.gpu.host.Host;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.Variant;

/// The lab's kernels on one device: the fatbin compiled for it, or else the sources compiled here and now. Variants that
/// leave techniques out are compiled when they are first asked for. One thread at a time.
public final class KernelLibrary implements AutoCloseable {
    /// The technique by which a kernel begins early, if it lists it.
    private static final String DEPENDENT_LAUNCH = "dependent-launch";
    /// The technique by which kernels are compiled for a model's sizes.
    public static final String GENERATED = "generated-kernels";

    private static final System.Logger LOG = System.getLogger(KernelLibrary.class.getName());

    private final KernelManifest manifest;
    private final CudaContext context;
    private final Host host;
    private final Map<Part, CudaModule> modules = new HashMap<>();
    private final Map<FusedGroup, Part> groups = new HashMap<>();
    private Optional<CudaModule> binary = Optional.empty();
    private Optional<RuntimeCompiler> compiler = Optional.empty();

    /// What one module holds that was compiled here: a source, in a variant.
    private record Part(String source, Variant variant) {
        @Override
        public String toString() {
            return variant.full() ? source : source + " " + variant.difference();
        }
    }

    /// Gives a part's code.
    private interface Compiling {
        byte[] compile() throws CudaUnavailableException, IOException;
    }

    private KernelLibrary(KernelManifest manifest, CudaContext context, Host host) {
        this.manifest = manifest;
        this.context = context;
        this.host = host;
    }

    /// Loads the kernels of the class path for the context's device.
    ///
    /// @throws CudaUnavailableException where none were compiled for it and none can be here, or the jar is damaged
    /// @throws CudaException where a source does not compile
    public static KernelLibrary load(CudaContext context) throws CudaUnavailableException {
        return load(context, Host.current());
    }

    /// Loads the kernels of the class path for the context's device.
    ///
    /// @param host where a compiler is looked for, and whose cache keeps what it compiles
    /// @throws CudaUnavailableException where none were compiled for it and none can be here, or the jar is damaged
    /// @throws CudaException where a source does not compile
    public static KernelLibrary load(CudaContext context, Host host) throws CudaUnavailableException {
        try {
            return load(KernelManifest.load(), context, host);
        } catch (IOException e) {
            throw new CudaUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    static KernelLibrary load(KernelManifest manifest, CudaContext context, Host host)
            throws CudaUnavailableException, IOException {
        KernelLibrary library = new KernelLibrary(manifest, context, host);
        boolean loaded = false;
        try {
            library.loadAll();
            loaded = true;
            return library;
        } finally {
            if (!loaded) {
                library.close();
            }
        }
    }

    private void loadAll() throws CudaUnavailableException, IOException {
        ComputeCapability capability = context.device().capability();
        Optional<Binary> ready = manifest.binaryFor(capability.architecture());
        if (ready.isPresent()) {
            binary = Optional.of(context.load(ready.get().resource(), manifest.image(ready.get())));
            return;
        }
        String lacking = lacking(manifest, capability);
        try {
            for (Map.Entry<String, byte[]> cubin : compiler().cubins().entrySet()) {
                modules.put(new Part(cubin.getKey(), Variant.FULL), context.load(cubin.getKey(), cubin.getValue()));
            }
        } catch (CudaUnavailableException e) {
            throw new CudaUnavailableException(lacking + ", and they cannot be compiled here: " + e.getMessage(), e);
        }
    }

    /// What the build has for other devices, where it has nothing for this one. Code is compiled for one generation, with
    /// what only that has, and runs on no other.
    static String lacking(KernelManifest manifest, ComputeCapability capability) {
        return manifest.binaries().isEmpty()
                ? "this build holds no compiled kernels (" + manifest.absent() + ")"
                : "this build has no kernels for " + capability.architecture() + ", only for "
                        + manifest.binaries().stream().map(Binary::architecture).collect(Collectors.joining(" and "));
    }

    /// What the library holds.
    public KernelManifest manifest() {
        return manifest;
    }

    /// Which build of the kernels runs: the checksum of the binary, or of the sources where they are compiled here.
    public String build() {
        return manifest.binaryFor(context.device().capability().architecture()).map(Binary::sha256)
                .orElseGet(this::sources);
    }

    private String sources() {
        try {
            StringBuilder all = new StringBuilder();
            new TreeMap<>(manifest.sourceTree().files())
                    .forEach((path, text) -> all.append(path).append('\n').append(text));
            return KernelManifest.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A kernel by name, with every technique that the build compiles it with.
    ///
    /// @throws CudaException where this device's binary lacks it
    public CudaFunction function(String name) {
        return binary.isPresent()
                ? binary.get().function(name)
                : module(kernel(name), Variant.FULL).function(name);
    }

    /// A kernel by name, with those of its switches' techniques that are on and no others. The first time that such a
    /// variant is asked for, its source is compiled, or taken from the cache. Where dependent launch is on and the kernel
    /// is made for it, it begins early.
    ///
    /// @param on the techniques that are on, by id
    /// @throws CudaException where the variant does not compile, or NVRTC is not installed
    public CudaFunction function(String name, Set<String> on) {
        return function(name, variant(manifest, name, on, Map.of()), on);
    }

    /// The variant of a kernel that runs: with the techniques that are on, and for the model's sizes where a technique
    /// has that and the kernel takes some.
    ///
    /// @param on the techniques that are on, by id
    /// @param sizes of the model, by name
    public Variant variant(String name, Set<String> on, Map<String, Integer> sizes) {
        return variant(manifest, name, on, sizes);
    }

    static Variant variant(KernelManifest manifest, String name, Set<String> on, Map<String, Integer> sizes) {
        return manifest.kernel(name).map(kernel -> {
            Variant plain = Variant.of(kernel, on);
            return on.contains(GENERATED) ? plain.sized(kernel, sizes) : plain;
        }).orElse(Variant.FULL);
    }

    /// A kernel by name, in one of its variants, see [#function(String, Set)].
    public CudaFunction function(String name, Variant variant, Set<String> on) {
        CudaFunction function = variant.full()
                ? function(name)
                : module(kernel(name), variant).function(variant.nameOf(name));
        return begins(name, on) ? function.beginningEarly() : function;
    }

    /// Whether a kernel begins before the one ahead of it has ended.
    private boolean begins(String name, Set<String> on) {
        return on.contains(DEPENDENT_LAUNCH) && manifest.kernel(name)
                .map(kernel -> kernel.techniques().contains(DEPENDENT_LAUNCH)).orElse(false);
    }

    /// A kernel that is composed of row-wise operations, compiled when it is first asked for or taken from the cache. Where dependent
    /// launch is on and the kernel of its first operation is made for it, it begins early: the composed one waits by itself.
    ///
    /// @param on the techniques that are on, by id
    /// @throws CudaException where it does not compile, or NVRTC is not installed
    public CudaFunction function(FusedGroup group, Set<String> on) {
        try {
            Part part = part(group);
            CudaFunction function = module(part, () -> compiler().cubin(group))
                    .function(part.variant.nameOf(FusedGroup.name(group.operations())));
            return begins(group.operations().getFirst(), on) ? function.beginningEarly() : function;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized Part part(FusedGroup group) throws IOException {
        Part part = groups.get(group);
        if (part == null) {
            part = new Part(group.path(), group.variant(group.into(manifest.sourceTree())));
            groups.put(group, part);
        }
        return part;
    }

    /// The name by which a kernel goes in a timeline, for the techniques that are on. Nothing is compiled for it.
    public String name(String name, Set<String> on) {
        return name(manifest, name, on);
    }

    static String name(KernelManifest manifest, String name, Set<String> on) {
        return variant(manifest, name, on, Map.of()).nameOf(name);
    }

    private Kernel kernel(String name) {
        return manifest.kernel(name)
                .orElseThrow(() -> new IllegalArgumentException("the lab has no kernel " + name));
    }

    private CudaModule module(Kernel kernel, Variant variant) {
        Part part = new Part(KernelManifest.pathOf(kernel.source()), variant);
        return module(part, () -> compiler().cubin(part.source(), part.variant()));
    }

    private synchronized CudaModule module(Part part, Compiling compiling) {
        CudaModule module = modules.get(part);
        if (module == null) {
            module = context.load(part.toString(), compile(part, compiling));
            modules.put(part, module);
        }
        return module;
    }

    private static byte[] compile(Part part, Compiling compiling) {
        try {
            return compiling.compile();
        } catch (CudaUnavailableException e) {
            throw new CudaException(cannotCompile(part.source(), part.variant()), e);
        } catch (IOException e) {
            throw new CudaException(part.toString(), new CudaUnavailableException(String.valueOf(e.getMessage()), e));
        }
    }

    static String cannotCompile(String source, Variant variant) {
        return source + " " + variant.difference() + " can be had only where NVRTC compiles it again";
    }

    private RuntimeCompiler compiler() throws CudaUnavailableException, IOException {
        if (compiler.isEmpty()) {
            Nvrtc nvrtc = Nvrtc.open(LibraryFinder.of(host));
            compiler = Optional.of(RuntimeCompiler.of(nvrtc, context.device().capability().target(),
                    manifest.sourceTree(), new KernelCache(KernelCache.folder(host),
                            warning -> LOG.log(System.Logger.Level.WARNING, warning))));
        }
        return compiler.get();
    }

    @Override
    public void close() {
        List.copyOf(modules.values()).forEach(CudaModule::close);
        modules.clear();
        binary.ifPresent(CudaModule::close);
    }
}
