package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

import org.moelab.gpu.host.CpuSet;

/// The processors that a thread may run on: `sched_getaffinity` and `sched_setaffinity` of Linux. Threads that a bound
/// thread starts are bound like it.
public final class ThreadAffinity implements AutoCloseable {
    /// Room for 8192 processors, which is what Linux can be built for.
    static final int MASK_BYTES = 1024;

    private final Calls calls;
    private final int thread;
    private final CpuSet before;
    private boolean bound = true;

    private record Calls(Signatures.ILP get, Signatures.ILP set, Signatures.None thread) {
        static Calls find() throws CudaUnavailableException {
            ForeignLibrary system = ForeignLibrary.system();
            return new Calls(system.bind(Signatures.ILP.class, "sched_getaffinity", INT, LONG, POINTER),
                    system.bind(Signatures.ILP.class, "sched_setaffinity", INT, LONG, POINTER),
                    system.bind(Signatures.None.class, "gettid"));
        }

        CpuSet of(int thread) throws CudaUnavailableException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
                if (get.call(thread, MASK_BYTES, mask) != 0) {
                    throw new CudaUnavailableException("the system does not say which processors a thread may use");
                }
                return unpack(mask);
            }
        }

        boolean bind(int thread, CpuSet cpus) {
            try (Arena arena = Arena.ofConfined()) {
                return set.call(thread, MASK_BYTES, pack(cpus, arena)) == 0;
            }
        }
    }

    private ThreadAffinity(Calls calls, int thread, CpuSet before) {
        this.calls = calls;
        this.thread = thread;
        this.before = before;
    }

    /// The processors that the calling thread may run on.
    ///
    /// @throws CudaUnavailableException where the system does not say
    public static CpuSet current() throws CudaUnavailableException {
        return Calls.find().of(0);
    }

    /// Binds the calling thread until the result is closed, on whatever thread that happens. A virtual thread must not be
    /// bound: the thread under it serves others, too.
    ///
    /// @throws CudaUnavailableException where the system refuses, or the thread is virtual
    public static ThreadAffinity bind(CpuSet cpus) throws CudaUnavailableException {
        if (Thread.currentThread().isVirtual()) {
            throw new CudaUnavailableException("a virtual thread is bound to no processor");
        }
        Calls calls = Calls.find();
        int thread = calls.thread().call();
        CpuSet before = calls.of(thread);
        if (!calls.bind(thread, cpus)) {
            throw new CudaUnavailableException("the system binds no thread to the processors " + cpus);
        }
        return new ThreadAffinity(calls, thread, before);
    }

    /// A mask as the system takes it: bit n of the whole is processor n.
    static MemorySegment pack(CpuSet cpus, Arena arena) {
        MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
        for (int cpu : cpus.cpus()) {
            long word = cpu / Long.SIZE;
            mask.setAtIndex(LONG, word, mask.getAtIndex(LONG, word) | 1L << cpu % Long.SIZE);
        }
        return mask;
    }

    static CpuSet unpack(MemorySegment mask) {
        Set<Integer> cpus = new HashSet<>();
        for (int cpu = 0; cpu < MASK_BYTES * Byte.SIZE; cpu++) {
            if ((mask.getAtIndex(LONG, cpu / Long.SIZE) >>> cpu % Long.SIZE & 1) != 0) {
                cpus.add(cpu);
            }
        }
        return new CpuSet(cpus);
    }

    /// Lets the thread run where it ran before; a thread that has ended needs nothing.
    @Override
    public void close() {
        if (bound) {
            bound = false;
            calls.bind(thread, before);
        }
    }
}
