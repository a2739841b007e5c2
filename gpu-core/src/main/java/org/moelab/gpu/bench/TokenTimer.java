package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Session;

/// Runs workloads and takes their times on the clock of the device that works: see [Session#mark].
public final class TokenTimer {
    private TokenTimer() {
    }

    /// Runs a workload, first to warm up, then to be measured, but for its energy.
    ///
    /// @throws IllegalArgumentException where the model has no room for the workload
    public static Measurement measure(Engine engine, Workload workload) {
        return measure(engine, workload, EnergyMeter.none());
    }

    /// Runs a workload, first to warm up, then to be measured.
    ///
    /// @param energy read before and after the runs that count
    /// @throws IllegalArgumentException where the model has no room for the workload
    public static Measurement measure(Engine engine, Workload workload, EnergyMeter energy) {
        requireRoom(engine, workload);
        int[][] prompts = workload.prompts(engine.config().vocabulary());
        List<Double> first = new ArrayList<>();
        List<Double> perToken = new ArrayList<>();
        List<Double> steps = new ArrayList<>();
        try (Session session = engine.open(workload.batch(), workload.capacity(), workload.promptStep())) {
            for (int run = 0; run < workload.warmups(); run++) {
                run(session, workload, prompts);
            }
            OptionalLong before = energy.millijoules();
            for (int run = 0; run < workload.repeats(); run++) {
                List<Double> times = run(session, workload, prompts);
                first.add(times.getFirst());
                List<Double> decode = times.subList(1, times.size());
                steps.addAll(decode);
                decode.stream().mapToDouble(Double::doubleValue).average().ifPresent(perToken::add);
            }
            OptionalLong after = energy.millijoules();
            Optional<Double> joules = before.isPresent() && after.isPresent()
                    ? Optional.of((after.getAsLong() - before.getAsLong()) / 1e3)
                    : Optional.empty();
            return new Measurement(workload, Spread.of(first), spread(perToken), spread(steps), joules);
        }
    }

    private static Optional<Spread> spread(List<Double> millis) {
        return millis.isEmpty() ? Optional.empty() : Optional.of(Spread.of(millis));
    }

    /// One run, whose tokens are brought to the host as they are chosen; its times to the first token and from each to the next, in milliseconds.
    static List<Double> run(Session session, Workload workload, int[][] prompts) {
        session.clear();
        List<Session.Mark> marks = new ArrayList<>();
        marks.add(session.mark());
        feed(session, workload, prompts);
        session.choose();
        session.bringChosen();
        marks.add(session.mark());
        for (int i = 1; i < workload.generate(); i++) {
            session.advance();
            session.bringChosen();
            marks.add(session.mark());
        }
        List<Double> times = new ArrayList<>();
        for (int i = 1; i < marks.size(); i++) {
            times.add(marks.get(i).millisSince(marks.get(i - 1)));
        }
        return times;
    }

    /// Feeds the prompts, in pieces where they are long.
    static void feed(Session session, Workload workload, int[][] prompts) {
        feed(session, workload, prompts, () -> {
        });
    }

    /// Feeds the prompts, in pieces where they are long.
    ///
    /// @param fed runs after each piece
    static void feed(Session session, Workload workload, int[][] prompts, Runnable fed) {
        for (int from = 0; from < workload.prompt(); from += workload.promptStep()) {
            session.feed(piece(workload, prompts, from));
            fed.run();
        }
    }

    /// What is fed at once of prompts, from one of their tokens on.
    static int[][] piece(Workload workload, int[][] prompts, int from) {
        int end = Math.min(workload.prompt(), from + workload.promptStep());
        return Arrays.stream(prompts).map(row -> Arrays.copyOfRange(row, from, end)).toArray(int[][]::new);
    }

    /// @throws IllegalArgumentException where the model has no room for the workload
    static void requireRoom(Engine engine, Workload workload) {
        if (workload.capacity() > engine.config().contextLength()) {
            throw new IllegalArgumentException(workload.capacity() + " tokens do not fit into the model's context of "
                    + engine.config().contextLength());
        }
    }
}
