package org.moelab.gpu.engine;

import java.util.Set;

import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightSource;
import org.moelab.traces.model.Unit;

/// A model on one GPU, run by a plan that a set of techniques decides.
public final class CudaEngine implements Engine {
    private static final long PRODUCT_WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final KernelLibrary kernels;
    private final CublasLt products;
    private final CudaStream stream;
    private final DeviceModel model;
    private final Set<String> techniques;
    private final OperationListener listener;
    private final boolean owner;

    private CudaEngine(CudaContext context, KernelLibrary kernels, CublasLt products, CudaStream stream,
            DeviceModel model, Set<String> techniques, OperationListener listener, boolean owner) {
        this.context = context;
        this.kernels = kernels;
        this.products = products;
        this.stream = stream;
        this.model = model;
        this.techniques = Set.copyOf(techniques);
        this.listener = listener;
        this.owner = owner;
    }

    /// Loads a model onto a GPU.
    ///
    /// @param context the GPU; it stays the caller's to close
    /// @param techniques the techniques that are on, by id
    /// @throws CudaUnavailableException where the GPU's memory is too small, or a library or the kernels are missing
    public static CudaEngine load(CudaContext context, LibraryFinder finder, WeightSource source,
            Set<String> techniques) throws CudaUnavailableException {
        long needed = DeviceModel.bytes(source.config());
        long free = context.freeMemoryBytes();
        if (needed > free) {
            throw new CudaUnavailableException(
                    source.name() + " with its experts in bf16 takes " + Unit.BYTES.format((double) needed)
                            + " and " + context.device().name() + " has " + Unit.BYTES.format((double) free) + " free");
        }
        KernelLibrary kernels = KernelLibrary.load(context);
        CudaStream stream = context.stream();
        return new CudaEngine(context, kernels, CublasLt.open(finder), stream,
                DeviceModel.load(source, context, kernels, stream), techniques, OperationListener.NONE,
                true);
    }

    /// The same loaded model with other techniques. It lives as long as this engine; closing it gives nothing back.
    public CudaEngine with(Set<String> others) {
        return new CudaEngine(context, kernels, products, stream, model, others, listener, false);
    }

    /// The same loaded model, whose sessions tell a listener what they start. It lives as long as this engine; closing it
    /// gives nothing back.
    public CudaEngine listening(OperationListener other) {
        return new CudaEngine(context, kernels, products, stream, model, techniques, other, false);
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
            CudaSession session = new CudaSession(context, model, kernels, planned, stream, techniques, listener,
                    sequences, capacity, longestStep);
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
