package org.moelab.gpu.cuda;

/// The GPU, or a library that is needed to use it, is not there. The message says what is missing, in one line.
public final class CudaUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public CudaUnavailableException(String problem) {
        super(problem);
    }

    /// @param cause what the loader or the driver reported
    public CudaUnavailableException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
