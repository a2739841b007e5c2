package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// NVIDIA's cuBLAS, for the one thing that cuBLASLt does not do: a batch of products whose matrices lie at addresses that
/// the device itself has worked out.
///
/// The numbers of types and operations are those of `cublas_api.h` and `library_types.h` of CUDA 12 and 13.
public final class Cublas {
    private static final int TRANSPOSED = 1;
    private static final int AS_IT_IS = 0;
    private static final int REAL_32F = 0;
    private static final int REAL_16BF = 14;
    private static final int COMPUTE_32F = 68;
    private static final int DEFAULT_ALGORITHM = -1;

    /// `cublasGemmBatchedEx`: operations, sizes, the factors, and for each operand the address of the list of addresses on
    /// the device, the type and the distance between columns; then how many products, the arithmetic and the algorithm.
    public interface Multiply {
        int call(MemorySegment handle, int operationA, int operationB, int m, int n, int k, MemorySegment alpha, long a,
                int typeA, int distanceA, long b, int typeB, int distanceB, MemorySegment beta, long c, int typeC,
                int distanceC, int count, int computeType, int algorithm);
    }

    private final Signatures.P create;
    private final Signatures.P destroy;
    private final Signatures.PP setStream;
    private final Signatures.PLL setWorkspace;
    private final Multiply multiply;

    private Cublas(ForeignLibrary library) throws CudaUnavailableException {
        create = library.bind(Signatures.P.class, "cublasCreate_v2", POINTER);
        destroy = library.bind(Signatures.P.class, "cublasDestroy_v2", POINTER);
        setStream = library.bind(Signatures.PP.class, "cublasSetStream_v2", POINTER, POINTER);
        setWorkspace = library.bind(Signatures.PLL.class, "cublasSetWorkspace_v2", POINTER, LONG, LONG);
        multiply = library.bind(Multiply.class, "cublasGemmBatchedEx", POINTER, INT, INT, INT, INT, INT, POINTER, LONG,
                INT, INT, LONG, INT, INT, POINTER, LONG, INT, INT, INT, INT, INT);
    }

    /// Loads the library.
    ///
    /// @throws CudaUnavailableException where it is not installed or too old
    public static Cublas open(LibraryFinder finder) throws CudaUnavailableException {
        return new Cublas(ForeignLibrary.open(finder.find(CudaLibrary.BLAS).orElseThrow(
                () -> new CudaUnavailableException(CudaLibrary.BLAS.fileNames().getFirst() + " is not installed"))));
    }

    /// Makes the library ready to work in a stream of the current context.
    ///
    /// @param workspace scratch memory that it may use, which must outlive the queue
    public Queue queue(CudaStream stream, DeviceBuffer workspace) {
        return new Queue(stream, workspace);
    }

    /// The library at work in one stream. One thread at a time.
    public final class Queue implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment handle;
        private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1.0f);
        private final MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0.0f);

        private Queue(CudaStream stream, DeviceBuffer workspace) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            CublasLt.check("cublasCreate", create.call(out));
            handle = out.get(ValueLayout.ADDRESS, 0);
            // in this order: choosing a stream forgets the workspace
            CublasLt.check("cublasSetStream", setStream.call(handle, stream.segment()));
            CublasLt.check("cublasSetWorkspace",
                    setWorkspace.call(handle, workspace.address(), workspace.bytes()));
        }

        /// A batch of matrix-vector products `out = weights · x`: weights are (rows, inner) in bf16, row-major, x is
        /// `inner` numbers in bf16, out is `rows` numbers in fp32, as sums are taken.
        ///
        /// @param count how many products
        /// @param weights where on the device the addresses of the weights lie, `count` of 8 bytes; likewise x and out
        public void multiply(int count, int rows, int inner, long weights, long x, long out) {
            // the library thinks in columns: a row-major (rows, inner) matrix is a column-major (inner, rows) one
            CublasLt.check("cublasGemmBatchedEx (" + count + " of " + rows + "×" + inner + ")",
                    multiply.call(handle, TRANSPOSED, AS_IT_IS, rows, 1, inner, one, weights, REAL_16BF, inner, x,
                            REAL_16BF, inner, zero, out, REAL_32F, rows, count, COMPUTE_32F, DEFAULT_ALGORITHM));
        }

        @Override
        public void close() {
            CublasLt.check("cublasDestroy", destroy.call(handle));
            arena.close();
        }
    }
}
