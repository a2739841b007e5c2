package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;

/// JCuda's handles, opened: JCuda shows the native value to subclasses only, and a foreign call needs it.
final class Handles {
    private Handles() {
    }

    static final class Function extends CUfunction {
        MemorySegment segment() {
            return MemorySegment.ofAddress(getNativePointer());
        }
    }

    static final class Stream extends CUstream {
        MemorySegment segment() {
            return MemorySegment.ofAddress(getNativePointer());
        }
    }

    static final class Address extends CUdeviceptr {
        long value() {
            return getNativePointer();
        }
    }
}
