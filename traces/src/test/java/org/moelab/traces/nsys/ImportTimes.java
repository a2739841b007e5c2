package org.moelab.traces.nsys;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Prints how long files take to import in a warm process, and what their events cost. Not a test: run its `main` with the
/// files as arguments.
final class ImportTimes {
    private static final int ROUNDS = 15;

    private ImportTimes() {
    }

    public static void main(String[] files) throws TraceReadException {
        for (String name : files) {
            Path file = Path.of(name);
            double[] ms = new double[ROUNDS];
            Trace trace = open(file);
            for (int i = 0; i < ROUNDS; i++) {
                long begin = System.nanoTime();
                trace = open(file);
                ms[i] = (System.nanoTime() - begin) / 1e6;
            }
            Arrays.sort(ms);
            System.out.printf(Locale.ROOT, "%-50s %8d events  %6.1f ms  %5.1f B/event  %s%n", file.getFileName(),
                    trace.size(), ms[ROUNDS / 2], trace.storeBytes() / (double) trace.size(), trace.warnings());
        }
    }

    private static Trace open(Path file) throws TraceReadException {
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }
}
