package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

/// The shapes of the foreign functions that this package calls. Each returns a C `int`, a status as a rule, and is named
/// by its arguments: P a pointer or handle, I a 32-bit integer, L a 64-bit integer.
final class Signatures {
    private Signatures() {
    }

    public interface None {
        int call();
    }

    public interface P {
        int call(MemorySegment a);
    }

    public interface I {
        int call(int a);
    }

    public interface IL {
        int call(int a, long b);
    }

    public interface IIP {
        int call(int a, int b, MemorySegment c);
    }

    public interface PLP {
        int call(MemorySegment a, long b, MemorySegment c);
    }

    public interface PP {
        int call(MemorySegment a, MemorySegment b);
    }

    public interface PPP {
        int call(MemorySegment a, MemorySegment b, MemorySegment c);
    }

    public interface PPPP {
        int call(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d);
    }

    public interface PPL {
        int call(MemorySegment a, MemorySegment b, long c);
    }

    public interface PL {
        int call(MemorySegment a, long b);
    }

    public interface PI {
        int call(MemorySegment a, int b);
    }

    public interface IP {
        int call(int a, MemorySegment b);
    }

    public interface PPI {
        int call(MemorySegment a, MemorySegment b, int c);
    }

    public interface PIP {
        int call(MemorySegment a, int b, MemorySegment c);
    }

    public interface PLI {
        int call(MemorySegment a, long b, int c);
    }

    public interface PLL {
        int call(MemorySegment a, long b, long c);
    }

    public interface ILP {
        int call(int a, long b, MemorySegment c);
    }

    /// `cuMemcpyHtoDAsync`: a device address, host memory, bytes, a stream.
    public interface LPLP {
        int call(long a, MemorySegment b, long c, MemorySegment d);
    }

    /// `cuMemcpyDtoHAsync`: host memory, a device address, bytes, a stream.
    public interface PLLP {
        int call(MemorySegment a, long b, long c, MemorySegment d);
    }

    /// `cuLaunchKernel`: the function, the grid, the block, bytes of dynamic shared memory, the stream, the parameters
    /// and what may stand in their place.
    public interface Launch {
        int call(MemorySegment function, int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ,
                int sharedBytes, MemorySegment stream, MemorySegment parameters, MemorySegment extra);
    }

    /// A function that describes a status; the only shape that returns a pointer.
    public interface Description {
        MemorySegment of(int status);
    }
}
