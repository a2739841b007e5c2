package org.moelab.gpu.cuda;

/// A call into a CUDA library failed. The message names the call, what it was for, the error by name and number, and
/// what the library says the error means: `cuMemAlloc (weights, 2.15 GB): CUDA_ERROR_OUT_OF_MEMORY (2), out of memory`.
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int code;
    private final String errorName;

    /// @param call the function that failed, and in brackets what it was called for where that helps
    /// @param code the library's number of the error
    /// @param errorName the library's name of the error
    /// @param meaning the library's description of it, may be empty
    public CudaException(String call, int code, String errorName, String meaning) {
        super(call + ": " + errorName + " (" + code + ")" + (meaning.isEmpty() ? "" : ", " + meaning));
        this.call = call;
        this.code = code;
        this.errorName = errorName;
    }

    /// A call that was not made, because what it needs is missing, where there is no going on without it.
    ///
    /// @param call what was wanted, in words
    /// @param missing what is missing
    public CudaException(String call, CudaUnavailableException missing) {
        super(call + ": " + missing.getMessage(), missing);
        this.call = call;
        this.code = 0;
        this.errorName = "";
    }

    /// The function that failed, with what it was called for.
    public String call() {
        return call;
    }

    /// The library's number of the error, 0 where no call was made.
    public int code() {
        return code;
    }

    /// The library's name of the error, such as `CUDA_ERROR_OUT_OF_MEMORY`; empty where no call was made.
    public String errorName() {
        return errorName;
    }
}
