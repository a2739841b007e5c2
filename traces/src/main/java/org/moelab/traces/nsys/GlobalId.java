package org.moelab.traces.nsys;

/// The ids that name a process or thread across machines: from the top 16 bits of machine, 24 of process, 24 of thread.
final class GlobalId {
    private static final int THREAD_BITS = 24;
    private static final long LOW = (1L << THREAD_BITS) - 1;

    private GlobalId() {
    }

    /// The operating system's process id.
    static long pid(long globalId) {
        return globalId >>> THREAD_BITS & LOW;
    }

    /// The operating system's thread id.
    static long tid(long globalTid) {
        return globalTid & LOW;
    }

    /// The global id of a thread's process.
    static long process(long globalTid) {
        return globalTid & ~LOW;
    }

    /// Whether the thread is the first of its process.
    static boolean isMainThread(long globalTid) {
        return tid(globalTid) == pid(globalTid);
    }
}
