package org.moelab.gpu.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.gpu.cuda.Cublas;
import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.DeviceMemory;
import org.moelab.gpu.cuda.InstalledLibrary;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.LibraryVersions;
import org.moelab.gpu.cuda.Nvml;
import org.moelab.gpu.cuda.Nvtx;
import org.moelab.gpu.cuda.ThreadAffinity;
import org.moelab.gpu.host.GpuPlace;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Machine;

/// A model on one GPU, run by a plan that a set of techniques decides.
public final class CudaEngine implements Engine {
    private static final long PRODUCT_WORKSPACE_BYTES = 32L << 20;
    private static final int FIRST_ALGORITHMS = 3;
    private static final int MOST_ALGORITHMS = 8;
    private static final String NVTX_DOMAIN = "MoE Lab";
    private static final System.Logger LOG = System.getLogger(CudaEngine.class.getName());

    private final Loaded loaded;
    private final Set<String> techniques;
    private final OperationListener listener;
    private final CudaStream.Priority priority;
    private final boolean owner;

    /// What engines of one loaded model share.
    ///
    /// @param held gives it all back
    /// @param stream the one that weights are loaded in, and that sessions without a stream of their own work in
    /// @param source the weights, for what is loaded later
    /// @param nvtx the ranges' domain, where the library is there
    /// @param batches batches of products, where the library is there
    /// @param choices what was chosen by timing
    /// @param lacking why techniques have no effect on this machine, by id
    private record Loaded(Held held, CudaContext context, CudaStream stream, GpuPlace place, KernelLibrary kernels,
            CublasLt products, WeightSource source, DeviceModel model, ModelMemory memory, Optional<Nvtx> nvtx,
            Optional<Cublas> batches, TunedChoices choices, Map<String, String> lacking) {}

    private CudaEngine(Loaded loaded, Set<String> techniques, OperationListener listener,
            CudaStream.Priority priority, boolean owner) {
        this.loaded = loaded;
        this.techniques = PagedCache.effective(effective(techniques, loaded.lacking), loaded.model.config());
        this.listener = listener;
        this.priority = priority;
        this.owner = owner;
    }

    /// Those of some techniques that have an effect on this machine.
    private static Set<String> effective(Set<String> techniques, Map<String, String> lacking) {
        return techniques.stream().filter(id -> !lacking.containsKey(id)).collect(Collectors.toUnmodifiableSet());
    }

    /// Loads a model onto a GPU.
    ///
    /// @param context the GPU; it stays the caller's to close
    /// @param source the weights; it must stay open as long as the engine, which may come back for more
    /// @param techniques the techniques that are on, by id
    /// @throws CudaUnavailableException where the GPU's memory is too small, or a library or the kernels are missing
    public static CudaEngine load(CudaContext context, LibraryFinder finder, WeightSource source,
            Set<String> techniques) throws CudaUnavailableException {
        ModelMemory memory = new ModelMemory(source.name(), source.config());
        Machine machine = Machine.of(context.device(), Host.current(), finder);
        Map<String, String> lacking = new HashMap<>();
        Catalogue.load().techniques().forEach(t -> machine.lacks(t).ifPresent(why -> lacking.put(t.id(), why)));
        Set<String> effective = effective(techniques, lacking);
        long free = context.freeMemoryBytes();
        if (!memory.fits(effective, free)) {
            throw new CudaUnavailableException(
                    memory.refusal(effective, context.device().name(), free, Catalogue.load()));
        }
        Held held = new Held();
        Held whileLoading = new Held();
        boolean complete = false;
        try (whileLoading) {
            CudaStream stream = held.take(context.stream(), CudaStream::close);
            if (techniques.contains("numa-binding")) {
                bind(machine.place(), whileLoading);
            }
            KernelLibrary kernels = held.take(KernelLibrary.load(context), KernelLibrary::close);
            CublasLt products = held.take(CublasLt.open(finder), CublasLt::close);
            Optional<Cublas> batches = optional("kernel-design", lacking, () -> Cublas.open(finder));
            Optional<Nvtx> nvtx = optional("nvtx", lacking, () -> Nvtx.open(finder, NVTX_DOMAIN));
            nvtx.ifPresent(ranges -> held.take(ranges, Nvtx::close));
            Uploads uploads = whileLoading.take(Uploads.of(context, stream, effective), Uploads::close);
            DeviceModel model = held.take(
                    DeviceModel.load(new WeightLoader(source, context, kernels, stream, uploads),
                            WeightForms.of(effective, source.config())),
                    DeviceModel::close);
            complete = true;
            return new CudaEngine(
                    new Loaded(held, context, stream, machine.place(), kernels, products, source, model, memory, nvtx,
                            batches, choices(context, finder, kernels), Map.copyOf(lacking)),
                    techniques, OperationListener.NONE, CudaStream.Priority.USUAL, true);
        } finally {
            if (!complete) {
                held.close();
            }
        }
    }

    /// What was chosen by timing on this ground; nothing is read before it is asked for.
    private static TunedChoices choices(CudaContext context, LibraryFinder finder, KernelLibrary kernels) {
        String driver;
        try (Nvml nvml = Nvml.open(finder)) {
            driver = nvml.driverVersion();
        } catch (CudaUnavailableException | CudaException _) {
            driver = "unknown";
        }
        String library = LibraryVersions.look(CudaLibrary.BLAS_LT, finder).map(InstalledLibrary::version)
                .orElse("unknown");
        return new TunedChoices(new TuningFile(Host.current().cacheFolder(),
                new TuningFile.Ground(context.device().name(), context.device().capability().toString(), driver,
                        library, kernels.build()),
                warning -> LOG.log(System.Logger.Level.WARNING, warning)));
    }

    /// A library that one technique needs, which is off where the library does not load.
    private static <T> Optional<T> optional(String technique, Map<String, String> lacking, Opening<T> opening) {
        if (lacking.containsKey(technique)) {
            return Optional.empty();
        }
        try {
            return Optional.of(opening.open());
        } catch (CudaUnavailableException e) {
            lacking.put(technique, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    @FunctionalInterface
    private interface Opening<T> {
        T open() throws CudaUnavailableException;
    }

    /// Binds the calling thread to the processors near the GPU, where there are such.
    private static void bind(GpuPlace place, Held held) {
        if (place instanceof GpuPlace.Near near) {
            try {
                held.take(ThreadAffinity.bind(near.cpus()), ThreadAffinity::close);
            } catch (CudaUnavailableException _) {
                // a virtual thread, or a system that refuses: it then runs where it may
            }
        }
    }

    /// The same loaded model with other techniques; what these need of its weights and is not there is loaded now. It lives
    /// as long as this engine; closing it gives nothing back.
    ///
    /// @throws CudaUnavailableException where that does not fit beside what is there
    public CudaEngine with(Set<String> others) throws CudaUnavailableException {
        Optional<String> refusal = refusal(others);
        if (refusal.isPresent()) {
            throw new CudaUnavailableException(refusal.get());
        }
        Set<String> effective = effective(others, loaded.lacking);
        WeightForms forms = WeightForms.of(effective, config());
        if (loaded.model.missing(forms) > 0) {
            try (Uploads uploads = Uploads.of(loaded.context, loaded.stream, effective)) {
                loaded.model.add(forms,
                        new WeightLoader(loaded.source, loaded.context, loaded.kernels, loaded.stream, uploads));
            }
        }
        return new CudaEngine(loaded, others, listener, priority, false);
    }

    /// Why [#with] would refuse these techniques, if it would.
    public Optional<String> refusal(Set<String> others) {
        Set<String> effective = effective(others, loaded.lacking);
        WeightForms forms = WeightForms.of(effective, config());
        long missing = loaded.model.missing(forms);
        long free = loaded.context.freeMemoryBytes();
        if (missing == 0 || loaded.memory.hasRoom(missing, free)) {
            return Optional.empty();
        }
        String gpu = loaded.context.device().name();
        long alone = free + loaded.context.ledger().bytes();
        return Optional.of(loaded.memory.fits(effective, alone)
                ? loaded.memory.refusal(forms, missing, gpu, free)
                : loaded.memory.refusal(effective, gpu, alone, Catalogue.load()));
    }

    /// The same loaded model, whose sessions tell a listener what they start. It lives as long as this engine; closing it
    /// gives nothing back.
    public CudaEngine listening(OperationListener other) {
        return new CudaEngine(loaded, techniques, other, priority, false);
    }

    /// The same loaded model, whose sessions the device serves before others, where each has a stream of its own. It lives as
    /// long as this engine; closing it gives nothing back.
    public CudaEngine urgent() {
        return new CudaEngine(loaded, techniques, listener, CudaStream.Priority.HIGH, false);
    }

    /// Whether each session has a stream of its own. Where not, all sessions of the loaded model work in one, and one thread at
    /// a time may use any of them.
    public boolean hasStreams() {
        return on("streams");
    }

    /// The techniques that are on and have an effect on this machine, by id.
    public Set<String> techniques() {
        return techniques;
    }

    /// Why techniques of the catalogue have no effect on this machine, by id; those that have one are not in it.
    public Map<String, String> lacking() {
        return loaded.lacking;
    }

    /// The GPU that it runs on.
    public CudaContext context() {
        return loaded.context;
    }

    @Override
    public MoeConfig config() {
        return loaded.model.config();
    }

    @Override
    public String device() {
        return loaded.context.device().name();
    }

    private boolean on(String technique) {
        return techniques.contains(technique);
    }

    @Override
    public CudaSession open(int sequences, int capacity, int longestStep) {
        CudaContext context = loaded.context;
        context.makeCurrent(); // sessions may be opened by several threads
        Held held = new Held();
        boolean complete = false;
        try {
            if (on("numa-binding")) {
                bind(loaded.place, held); // first: memory is taken near the thread that takes it
            }
            CudaStream stream = hasStreams()
                    ? held.take(context.stream(priority), CudaStream::close)
                    : loaded.stream;
            Optional<CopyQueue> copies = CopyQueue.of(context, techniques)
                    .map(queue -> held.take(queue, CopyQueue::close));
            DeviceMemory memory = on("stream-ordered-allocation") ? context.ordered(stream) : context;
            Products products = held.take(new Products(loaded.products, memory,
                    new CublasLt.Tuning(on("product-selection") ? PRODUCT_WORKSPACE_BYTES : 0, candidates())),
                    Products::close);
            Optional<Cublas.Queue> batches = on("kernel-design")
                    ? loaded.batches.map(library -> batches(library, stream, memory, held))
                    : Optional.empty();
            Workspace workspace = held.take(new Workspace(context, memory, config(), sequences, capacity,
                    longestStep, CacheForm.of(techniques, config()), PagedCache.suits(techniques, config()),
                    on("pinned-memory")), Workspace::close);
            Optional<CacheWindow> window = on("l2-persistence")
                    ? workspace.cache.whole().map(whole -> held.take(
                            new CacheWindow(context, stream, whole), CacheWindow::close))
                    : Optional.empty();
            BlockSizing sizing = new BlockSizing(loaded.kernels, context.device().multiprocessors(),
                    on("launch-sizing"));
            CudaSession session = new CudaSession(
                    new Resources(held, context, loaded.model, loaded.kernels, stream, copies, products, batches,
                            workspace, sizing, window, tuner(context)),
                    techniques, listeners(), sequences, capacity, longestStep);
            complete = true;
            return session;
        } finally {
            if (!complete) {
                held.close();
            }
        }
    }

    @Override
    public RoutedSession openRouted(int sequences, int capacity, int longestStep) {
        CudaSession session = open(sequences, capacity, longestStep);
        boolean complete = false;
        try {
            RoutedSession routed = new RoutedSession(session, session.recordRouting());
            complete = true;
            return routed;
        } finally {
            if (!complete) {
                session.close();
            }
        }
    }

    /// How many algorithms of the library's ranking are considered for a product.
    private int candidates() {
        return !on(Tuner.TECHNIQUE) ? 1 : on(Tuner.EVERY) ? MOST_ALGORITHMS : FIRST_ALGORITHMS;
    }

    private Optional<Tuner> tuner(CudaContext context) {
        return on(Tuner.TECHNIQUE)
                ? Optional.of(new Tuner(context, loaded.choices, on(Tuner.EVERY)))
                : Optional.empty();
    }

    /// What was chosen by timing and used so far, by any engine of the loaded model.
    public List<TunedChoice> tuned() {
        return loaded.choices.used();
    }

    private static Cublas.Queue batches(Cublas library, CudaStream stream, DeviceMemory memory, Held held) {
        DeviceBuffer scratch = held.take(memory.allocate("workspace", PRODUCT_WORKSPACE_BYTES), DeviceBuffer::close);
        return held.take(library.queue(stream, scratch), Cublas.Queue::close);
    }

    private OperationListener listeners() {
        return on("nvtx")
                ? loaded.nvtx.map(nvtx -> OperationListener.of(List.of(new NvtxRanges(nvtx), listener)))
                        .orElse(listener)
                : listener;
    }

    @Override
    public void close() {
        if (owner) {
            loaded.held.close();
        }
    }
}
