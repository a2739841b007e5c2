package org.moelab.gpu.engine;

import java.util.Optional;
import java.util.Set;

import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;

/// A model on one GPU, run by a plan that a set of techniques decides.
public final class CudaEngine implements Engine {
    private static final long PRODUCT_WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final KernelLibrary kernels;
    private final CublasLt products;
    private final CudaStream stream;
    private final DeviceModel model;
    private final ModelMemory memory;
    private final Set<String> techniques;
    private final boolean owner;

    private CudaEngine(CudaContext context, KernelLibrary kernels, CublasLt products, CudaStream stream,
            DeviceModel model, ModelMemory memory, Set<String> techniques, boolean owner) {
        this.context = context;
        this.kernels = kernels;
        this.products = products;
        this.stream = stream;
        this.model = model;
        this.memory = memory;
        this.techniques = Set.copyOf(techniques);
        this.owner = owner;
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
        long free = context.freeMemoryBytes();
        if (!memory.fits(techniques, free)) {
            throw new CudaUnavailableException(
                    memory.refusal(techniques, context.device().name(), free, Catalogue.load()));
        }
        KernelLibrary kernels = KernelLibrary.load(context);
        CublasLt products = CublasLt.open(finder);
        CudaStream stream = context.stream();
        DeviceModel model = DeviceModel.load(new WeightLoader(source, context, kernels, stream),
                ExpertForm.of(techniques));
        return new CudaEngine(context, kernels, products, stream, model, memory, techniques, true);
    }

    /// The same loaded model with other techniques; what these need of its weights and is not there is loaded now. It lives
    /// as long as this engine; closing it gives nothing back.
    ///
    /// @throws CudaUnavailableException where that does not fit beside what is there
    public CudaEngine with(Set<String> others) throws CudaUnavailableException {
        ExpertForm form = ExpertForm.of(others);
        Optional<String> refusal = refusal(others);
        if (refusal.isPresent()) {
            throw new CudaUnavailableException(refusal.get());
        }
        model.add(form);
        return new CudaEngine(context, kernels, products, stream, model, memory, others, false);
    }

    /// Why [#with] would refuse these techniques, if it would.
    public Optional<String> refusal(Set<String> others) {
        ExpertForm form = ExpertForm.of(others);
        long free = context.freeMemoryBytes();
        if (model.has(form) || memory.addsTo(form, free)) {
            return Optional.empty();
        }
        String gpu = context.device().name();
        long alone = free + context.ledger().bytes();
        return Optional.of(memory.fits(others, alone)
                ? memory.refusal(form, gpu, free)
                : memory.refusal(others, gpu, alone, Catalogue.load()));
    }

    /// The GPU that it runs on.
    public CudaContext context() {
        return context;
    }

    @Override
    public MoeConfig config() {
        return model.config();
    }

    @Override
    public String device() {
        return context.device().name();
    }

    @Override
    public CudaSession open(int sequences, int capacity, int longestStep) {
        Products planned = new Products(products, context,
                new CublasLt.Tuning(techniques.contains("product-selection") ? PRODUCT_WORKSPACE_BYTES : 0, 1));
        boolean opened = false;
        try {
            CudaSession session = new CudaSession(context, model, kernels, planned, stream, techniques, sequences,
                    capacity, longestStep);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                planned.close();
            }
        }
    }

    @Override
    public void close() {
        if (!owner) {
            return;
        }
        model.close();
        products.close();
        kernels.close();
        stream.close();
    }
}
