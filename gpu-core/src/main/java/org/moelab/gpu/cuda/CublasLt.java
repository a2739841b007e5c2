package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// Matrix products by NVIDIA's cuBLASLt. One thread at a time.
///
/// The numbers of types, attributes and epilogues are those of `cublasLt.h` and `library_types.h` of CUDA 12 and 13.
public final class CublasLt implements AutoCloseable {
    private static final Map<Integer, String> STATUS = Map.of(1, "CUBLAS_STATUS_NOT_INITIALIZED", 3,
            "CUBLAS_STATUS_ALLOC_FAILED", 7,
            "CUBLAS_STATUS_INVALID_VALUE", 8, "CUBLAS_STATUS_ARCH_MISMATCH", 11, "CUBLAS_STATUS_MAPPING_ERROR", 13,
            "CUBLAS_STATUS_EXECUTION_FAILED", 14, "CUBLAS_STATUS_INTERNAL_ERROR", 15, "CUBLAS_STATUS_NOT_SUPPORTED");

    /// `cublasLtMatmulDescCreate`: the descriptor, the type of arithmetic, the type of the scale factors.
    public interface CreateProduct {
        int call(MemorySegment descriptor, int computeType, int scaleType);
    }

    /// `cublasLtMatrixLayoutCreate`: the layout, type, rows, columns, distance between columns.
    public interface CreateLayout {
        int call(MemorySegment layout, int type, long rows, long columns, long leadingDimension);
    }

    /// Setting an attribute: the object, which one, where its value lies, how long it is.
    public interface SetAttribute {
        int call(MemorySegment object, int attribute, MemorySegment value, long bytes);
    }

    /// `cublasLtMatmulAlgoGetHeuristic`.
    public interface Heuristic {
        int call(MemorySegment handle, MemorySegment product, MemorySegment a, MemorySegment b, MemorySegment c,
                MemorySegment d,
                MemorySegment preference, int wanted, MemorySegment results, MemorySegment found);
    }

    /// `cublasLtMatmul`.
    public interface Multiply {
        int call(MemorySegment handle, MemorySegment product, MemorySegment alpha, long a, MemorySegment layoutA,
                long b,
                MemorySegment layoutB, MemorySegment beta, long c, MemorySegment layoutC, long d, MemorySegment layoutD,
                MemorySegment algorithm, long workspace, long workspaceBytes, MemorySegment stream);
    }

    private final MemorySegment handle;
    private final Signatures.P destroy;
    private final CreateProduct createProduct;
    private final CreateLayout createLayout;
    private final Signatures.P createPreference;
    private final SetAttribute setProduct;
    private final SetAttribute setPreference;
    private final Heuristic heuristic;
    private final Multiply multiply;
    private final Signatures.P destroyProduct;
    private final Signatures.P destroyLayout;
    private final Signatures.P destroyPreference;

    private CublasLt(ForeignLibrary library) throws CudaUnavailableException {
        destroy = library.bind(Signatures.P.class, "cublasLtDestroy", POINTER);
        createProduct = library.bind(CreateProduct.class, "cublasLtMatmulDescCreate", POINTER, INT, INT);
        createLayout = library.bind(CreateLayout.class, "cublasLtMatrixLayoutCreate", POINTER, INT, LONG, LONG, LONG);
        createPreference = library.bind(Signatures.P.class, "cublasLtMatmulPreferenceCreate", POINTER);
        setProduct = library.bind(SetAttribute.class, "cublasLtMatmulDescSetAttribute", POINTER, INT, POINTER, LONG);
        setPreference = library.bind(SetAttribute.class, "cublasLtMatmulPreferenceSetAttribute", POINTER, INT, POINTER,
                LONG);
        heuristic = library.bind(Heuristic.class, "cublasLtMatmulAlgoGetHeuristic", POINTER, POINTER, POINTER, POINTER,
                POINTER, POINTER,
                POINTER, INT, POINTER, POINTER);
        multiply = library.bind(Multiply.class, "cublasLtMatmul", POINTER, POINTER, POINTER, LONG, POINTER, LONG,
                POINTER, POINTER, LONG,
                POINTER, LONG, POINTER, POINTER, LONG, LONG, POINTER);
        destroyProduct = library.bind(Signatures.P.class, "cublasLtMatmulDescDestroy", POINTER);
        destroyLayout = library.bind(Signatures.P.class, "cublasLtMatrixLayoutDestroy", POINTER);
        destroyPreference = library.bind(Signatures.P.class, "cublasLtMatmulPreferenceDestroy", POINTER);
        Signatures.P create = library.bind(Signatures.P.class, "cublasLtCreate", POINTER);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check("cublasLtCreate", create.call(out));
            handle = out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /// Loads the library and opens a handle on the current context.
    ///
    /// @throws CudaUnavailableException where the library is not installed or too old
    public static CublasLt open(LibraryFinder finder) throws CudaUnavailableException {
        return new CublasLt(ForeignLibrary.open(finder.find(CudaLibrary.BLAS_LT)
                .orElseThrow(() -> new CudaUnavailableException(
                        CudaLibrary.BLAS_LT.fileNames().getFirst()
                                + " is not installed: it does the products of the lower layers"))));
    }

    /// Numbers that a matrix holds.
    public enum Element {
        /// IEEE single precision.
        FLOAT(0, 4),
        /// The upper half of it.
        BF16(14, 2);

        private final int cudaType;
        private final int bytes;

        Element(int cudaType, int bytes) {
            this.cudaType = cudaType;
            this.bytes = bytes;
        }

        /// Bytes of one number.
        public int bytes() {
            return bytes;
        }
    }

    /// How products are computed.
    ///
    /// @param workspaceBytes scratch memory that an algorithm may use; 0 rules out those that split the sum
    /// @param candidates how many algorithms of the library's ranking to keep for [Product#select]
    public record Tuning(long workspaceBytes, int candidates) {}

    /// Plans `out = x · weightsᵀ (+ bias)`, row-major: x is (tokens, inner) in bf16, weights are (rows, inner) in bf16, out is
    /// (tokens, rows) with its own distance between rows. Sums are taken in fp32.
    ///
    /// @param outStride numbers from one row of `out` to the next
    /// @param bias whether a bias of `rows` bf16 numbers is added within the product
    /// @throws CudaException where the library has no algorithm for the shape
    public Product product(int tokens, int rows, int inner, int outStride, Element out, boolean bias, Tuning tuning) {
        return new Product(tokens, rows, inner, outStride, out, bias, tuning);
    }

    /// @throws CudaException where a call of cuBLAS or cuBLASLt did not succeed
    static void check(String call, int status) {
        if (status != 0) {
            throw new CudaException(call, status, STATUS.getOrDefault(status, "CUBLAS_STATUS_" + status), "");
        }
    }

    @Override
    public void close() {
        check("cublasLtDestroy", destroy.call(handle));
    }

    /// One planned product, to be run any number of times on other addresses.
    public final class Product implements AutoCloseable {
        private static final int COMPUTE_32F = 68;
        private static final int REAL_32F = 0;
        private static final int ATTRIBUTE_TRANSPOSE_A = 3;
        private static final int ATTRIBUTE_EPILOGUE = 7;
        private static final int ATTRIBUTE_BIAS = 8;
        private static final int PREFERENCE_WORKSPACE = 1;
        private static final int TRANSPOSED = 1;
        private static final int EPILOGUE_BIAS = 4;
        private static final long RESULT_BYTES = 96;
        private static final long ALGORITHM_BYTES = 64;
        private static final long RESULT_WORKSPACE = ALGORITHM_BYTES;

        private final Arena arena = Arena.ofShared();
        private final String shape;
        private final boolean hasBias;
        private final MemorySegment descriptor;
        private final MemorySegment weights;
        private final MemorySegment x;
        private final MemorySegment out;
        private final MemorySegment one;
        private final MemorySegment zero;
        private final MemorySegment biasAddress;
        private final MemorySegment results;
        private final int found;
        private int selected;

        private Product(int tokens, int rows, int inner, int outStride, Element element, boolean bias, Tuning tuning) {
            shape = tokens + "×" + rows + "×" + inner;
            hasBias = bias;
            MemorySegment pointer = arena.allocate(ValueLayout.ADDRESS);
            check("cublasLtMatmulDescCreate", createProduct.call(pointer, COMPUTE_32F, REAL_32F));
            descriptor = pointer.get(ValueLayout.ADDRESS, 0);
            one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1.0f);
            zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0.0f);
            biasAddress = arena.allocate(ValueLayout.JAVA_LONG);
            attribute(ATTRIBUTE_TRANSPOSE_A, arena.allocateFrom(ValueLayout.JAVA_INT, TRANSPOSED));
            if (bias) {
                attribute(ATTRIBUTE_EPILOGUE, arena.allocateFrom(ValueLayout.JAVA_INT, EPILOGUE_BIAS));
            }
            // the library thinks in columns: a row-major (n, k) matrix is a column-major (k, n) one
            weights = layout(pointer, Element.BF16, inner, rows, inner);
            x = layout(pointer, Element.BF16, inner, tokens, inner);
            out = layout(pointer, element, rows, tokens, outStride);
            results = arena.allocate(RESULT_BYTES * tuning.candidates(), Long.BYTES);
            found = rank(pointer, tuning);
        }

        private MemorySegment layout(MemorySegment pointer, Element element, long rows, long columns, long distance) {
            check("cublasLtMatrixLayoutCreate (" + shape + ")",
                    createLayout.call(pointer, element.cudaType, rows, columns, distance));
            return pointer.get(ValueLayout.ADDRESS, 0);
        }

        private void attribute(int which, MemorySegment value) {
            check("cublasLtMatmulDescSetAttribute (" + which + ")",
                    setProduct.call(descriptor, which, value, value.byteSize()));
        }

        private int rank(MemorySegment pointer, Tuning tuning) {
            check("cublasLtMatmulPreferenceCreate", createPreference.call(pointer));
            MemorySegment preference = pointer.get(ValueLayout.ADDRESS, 0);
            check("cublasLtMatmulPreferenceSetAttribute", setPreference.call(preference, PREFERENCE_WORKSPACE,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, tuning.workspaceBytes()), Long.BYTES));
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check("cublasLtMatmulAlgoGetHeuristic (" + shape + ")",
                    heuristic.call(handle, descriptor, weights, x, out, out, preference, tuning.candidates(), results,
                            count));
            check("cublasLtMatmulPreferenceDestroy", destroyPreference.call(preference));
            int n = count.get(ValueLayout.JAVA_INT, 0);
            if (n == 0) {
                throw new CudaException("cublasLtMatmulAlgoGetHeuristic (" + shape + ")", 15,
                        "CUBLAS_STATUS_NOT_SUPPORTED",
                        "no algorithm for this shape");
            }
            return n;
        }

        /// How many algorithms there are to choose from.
        public int candidates() {
            return found;
        }

        /// A name of the candidate of this rank, the same for the same algorithm of the same library.
        public String candidate(int rank) {
            byte[] algorithm = results.asSlice(rank * RESULT_BYTES, ALGORITHM_BYTES).toArray(ValueLayout.JAVA_BYTE);
            return String.format(Locale.ROOT, "rank %d (%08x)", rank, Arrays.hashCode(algorithm));
        }

        /// Uses the candidate of this rank from now on, 0 being the library's own choice.
        public void select(int rank) {
            if (rank < 0 || rank >= found) {
                throw new IndexOutOfBoundsException("candidate " + rank + " of " + found);
            }
            selected = rank;
        }

        /// Runs the product.
        ///
        /// @param bias address of the bias, 0 where the product was planned without
        /// @param workspace address of scratch memory of at least the planned size, 0 where that was 0
        /// @param workspaceBytes its size
        public void run(long outAddress, long xAddress, long weightsAddress, long bias, long workspace,
                long workspaceBytes, CudaStream stream) {
            if (hasBias) {
                biasAddress.set(ValueLayout.JAVA_LONG, 0, bias);
                attribute(ATTRIBUTE_BIAS, biasAddress);
            }
            MemorySegment result = results.asSlice(selected * RESULT_BYTES, RESULT_BYTES);
            if (result.get(ValueLayout.JAVA_LONG, RESULT_WORKSPACE) > workspaceBytes) {
                throw new IllegalArgumentException(
                        "the product " + shape + " needs more workspace than " + workspaceBytes + " bytes");
            }
            check("cublasLtMatmul (" + shape + ")",
                    multiply.call(handle, descriptor, one, weightsAddress, weights, xAddress, x, zero, outAddress,
                            out, outAddress, out, result, workspace, workspaceBytes, stream.segment()));
        }

        @Override
        public void close() {
            check("cublasLtMatrixLayoutDestroy", destroyLayout.call(weights));
            check("cublasLtMatrixLayoutDestroy", destroyLayout.call(x));
            check("cublasLtMatrixLayoutDestroy", destroyLayout.call(out));
            check("cublasLtMatmulDescDestroy", destroyProduct.call(descriptor));
            arena.close();
        }
    }
}
