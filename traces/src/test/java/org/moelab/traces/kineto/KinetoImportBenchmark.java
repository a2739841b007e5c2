package org.moelab.traces.kineto;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Prints how long an import takes in a warm process, and how much heap it needs at most: a line for each file named.
final class KinetoImportBenchmark {
    private static final int WARM_UP = 8;
    private static final int RUNS = 11;

    private KinetoImportBenchmark() {
    }

    /// @param files traces to import
    public static void main(String[] files) throws TraceReadException {
        for (String file : files) {
            System.out.println(measure(Path.of(file)));
        }
    }

    private static String measure(Path file) throws TraceReadException {
        for (int i = 0; i < WARM_UP; i++) {
            read(file);
        }
        long[] wallNs = new long[RUNS];
        long[] cpuNs = new long[RUNS];
        long peak = 0;
        Trace trace = read(file);
        for (int i = 0; i < RUNS; i++) {
            System.gc();
            long before = used();
            pools().forEach(MemoryPoolMXBean::resetPeakUsage);
            long cpuBegin = cpuNs();
            long begin = System.nanoTime();
            trace = read(file);
            wallNs[i] = System.nanoTime() - begin;
            cpuNs[i] = cpuNs() - cpuBegin;
            peak = Math.max(peak, pools().mapToLong(p -> p.getPeakUsage().getUsed()).sum() - before);
        }
        Arrays.sort(wallNs);
        Arrays.sort(cpuNs);
        return String.format(Locale.ROOT,
                "%s: median %.0f ms, best %.0f ms, worst %.0f ms, processor time %.0f ms; peak heap %.0f MB; %d events, %.1f B an event",
                file.getFileName(), wallNs[RUNS / 2] / 1e6, wallNs[0] / 1e6, wallNs[RUNS - 1] / 1e6,
                cpuNs[RUNS / 2] / 1e6, peak / 1e6,
                trace.size(), trace.storeBytes() / (double) trace.size());
    }

    private static Trace read(Path file) throws TraceReadException {
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static long cpuNs() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long used() {
        return pools().mapToLong(p -> p.getUsage().getUsed()).sum();
    }

    private static java.util.stream.Stream<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getType() == MemoryType.HEAP);
    }
}
