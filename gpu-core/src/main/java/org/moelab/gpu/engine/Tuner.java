package org.moelab.gpu.engine;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.engine.TunedChoice.Candidate;

/// Chooses among ways to do the same by timing them on the device, each question once. It is asked when a plan is bound,
/// which is before a step runs and outside of graphs.
///
/// @param all whether every candidate is timed, instead of the first few
record Tuner(CudaContext context, TunedChoices choices, boolean all) {
    static final String TECHNIQUE = "autotuning";
    static final String EVERY = "max-autotune";

    private static final System.Logger LOG = System.getLogger(Tuner.class.getName());
    private static final int RUNS = 5;
    /// Another candidate must be faster than the first by this factor: less is within what runs of one thing differ.
    private static final double GAIN = 1.02;
    private static final long LEAST_FLUSH_BYTES = 1 << 20;

    /// Does the question in one of the ways.
    @FunctionalInterface
    interface Trial {
        /// Puts it into a stream.
        ///
        /// @param candidate which way, by its place among the names
        void run(int candidate, CudaStream stream);
    }

    /// The best candidate's place among the names: remembered, else timed now. Where it cannot be timed, for want of
    /// memory, that is the first.
    ///
    /// @param question what is to be done, with all sizes
    /// @param names of the candidates; what would be taken without timing is the first
    /// @param prepare takes what the trial needs, asked only where the candidates are timed
    int choose(String question, List<String> names, Function<Held, Trial> prepare, CudaStream stream) {
        Optional<TunedChoice> known = choices.find(question, names);
        if (known.isPresent()) {
            return names.indexOf(known.get().chosen());
        }
        List<Optional<Double>> micros;
        try (Held held = new Held()) {
            micros = time(names.size(), prepare.apply(held), stream);
        } catch (CudaException e) {
            LOG.log(System.Logger.Level.WARNING, () -> question + " is not tuned: " + e.getMessage());
            return 0;
        }
        int best = best(micros);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            candidates.add(new Candidate(names.get(i), micros.get(i)));
        }
        choices.keep(new TunedChoice(question, names.get(best), now(), candidates));
        return best;
    }

    private static String now() {
        return OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    /// The median time of each candidate, in turns, so that a drifting clock meets all alike. A layer's weights are not in
    /// the level-2 cache when its turn comes, so the cache is filled with something else before each run.
    private List<Optional<Double>> time(int count, Trial trial, CudaStream stream) {
        double[][] micros = new double[count][RUNS];
        boolean[] failed = new boolean[count];
        long flushed = Math.max(LEAST_FLUSH_BYTES, 2L * context.device().l2Bytes());
        try (DeviceBuffer flush = context.allocate("tuning", flushed);
                CudaEvent begin = context.event();
                CudaEvent end = context.event()) {
            for (int run = -1; run < RUNS; run++) { // the first, which loads code, does not count
                for (int i = 0; i < count; i++) {
                    if (failed[i]) {
                        continue;
                    }
                    flush.fill((byte) run, stream);
                    begin.record(stream);
                    failed[i] = !runs(trial, i, stream);
                    end.record(stream);
                    end.synchronize();
                    if (run >= 0) {
                        micros[i][run] = 1e3 * end.millisSince(begin);
                    }
                }
            }
        }
        List<Optional<Double>> medians = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Arrays.sort(micros[i]);
            medians.add(failed[i] ? Optional.empty() : Optional.of(micros[i][RUNS / 2]));
        }
        return medians;
    }

    /// Whether the library or the driver takes a candidate at all. A kernel that fails on the device fails at the next wait.
    private static boolean runs(Trial trial, int candidate, CudaStream stream) {
        try {
            trial.run(candidate, stream);
            return true;
        } catch (CudaException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "candidate " + candidate + ": " + e.getMessage());
            return false;
        }
    }

    /// The place of the fastest; the first one's, where that is as fast as anyone can tell, or none ran.
    static int best(List<Optional<Double>> micros) {
        int best = 0;
        double least = micros.getFirst().map(first -> first / GAIN).orElse(Double.POSITIVE_INFINITY);
        for (int i = 1; i < micros.size(); i++) {
            double time = micros.get(i).orElse(Double.POSITIVE_INFINITY);
            if (time < least) {
                best = i;
                least = time;
            }
        }
        return best;
    }
}
