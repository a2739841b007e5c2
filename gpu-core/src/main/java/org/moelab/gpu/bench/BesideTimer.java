package org.moelab.gpu.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

import org.moelab.gpu.bench.BesideRow.Work;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Session;

/// Measures decode and prefill of two sessions of one loaded model, each alone and both at once.
///
/// A thread decodes a fixed number of steps; another fills in prompts one after the other from before the first step to behind
/// the last, up to their hidden states. All times are those of the device. What prefill reached beside decode is what it did in the time of the steps; a
/// piece of a prompt that lies only partly in it counts by its share.
public final class BesideTimer {
    /// Steps that are put in before the host waits for one: enough that the device never waits for the host, and few enough
    /// that where both share one stream they take turns.
    private static final int AHEAD = 2;
    /// Prompts of a run without decode.
    private static final int PROMPTS = 4;
    private static final double MS_PER_SECOND = 1e3;

    private final Workload workload;
    private final Turns turns;
    private final String model;
    private final String layer;

    private BesideTimer(Workload workload, Turns turns, String model, String layer) {
        this.workload = workload;
        this.turns = turns;
        this.model = model;
        this.layer = layer;
    }

    /// When steps ran, in ms from a moment that they share with prompts.
    private record Window(double beginMs, double endMs) {
        double perSecond(double tokens) {
            return tokens / (endMs - beginMs) * MS_PER_SECOND;
        }
    }

    /// Measures both alone, then both at once; where sessions have streams of their own also with that of decode first.
    ///
    /// @param model what people call the model
    /// @param layer the layer whose techniques are on
    /// @param workload what is decoded, two new tokens or more; prompts of its length, one at a time, are filled in
    /// @throws IllegalArgumentException where the model has no room for the workload or nothing is to be decoded
    public static List<BesideRow> measure(CudaEngine engine, String model, String layer, Workload workload) {
        Turns turns = new Turns(!engine.hasStreams());
        List<BesideRow> rows = new ArrayList<>(measure(engine, model, layer, workload, turns));
        if (engine.hasStreams()) {
            rows.add(new BesideTimer(workload, turns, model, layer).both(engine.urgent(), engine, Work.DECODE_FIRST));
        }
        return rows;
    }

    /// Measures with equal priorities.
    static List<BesideRow> measure(Engine engine, String model, String layer, Workload workload, Turns turns) {
        TokenTimer.requireRoom(engine, workload);
        if (workload.generate() < 2) {
            throw new IllegalArgumentException("one new token takes no decode step; at least 2 are needed");
        }
        BesideTimer timer = new BesideTimer(workload, turns, model, layer);
        return List.of(timer.decode(engine), timer.prefill(engine), timer.both(engine, engine, Work.BOTH));
    }

    private BesideRow decode(Engine engine) {
        List<Double> decoded = new ArrayList<>();
        try (Session session = open(engine)) {
            for (int run = 0; run < workload.warmups() + workload.repeats(); run++) {
                Window steps = steps(session, prepare(engine, session));
                if (run >= workload.warmups()) {
                    decoded.add(steps.perSecond(decodedTokens()));
                }
            }
        }
        return row(engine, Work.DECODE, median(decoded), OptionalDouble.empty());
    }

    private BesideRow prefill(Engine engine) {
        List<Double> filled = new ArrayList<>();
        try (Session clock = open(engine); Prefills prefills = prefills(engine)) {
            for (int run = 0; run < workload.repeats(); run++) {
                List<Prefills.Piece> pieces = prefills.start(origin(clock), PROMPTS).ended();
                filled.add(new Window(pieces.getFirst().beginMs(), pieces.getLast().endMs())
                        .perSecond(pieces.stream().mapToInt(Prefills.Piece::tokens).sum()));
            }
        }
        return row(engine, Work.PREFILL, OptionalDouble.empty(), median(filled));
    }

    private BesideRow both(Engine decoding, Engine filling, Work work) {
        List<Double> decoded = new ArrayList<>();
        List<Double> filled = new ArrayList<>();
        try (Session session = open(decoding); Prefills prefills = prefills(filling)) {
            for (int run = 0; run < workload.warmups() + workload.repeats(); run++) {
                Session.Mark origin = prepare(decoding, session);
                Prefills.Running running = prefills.start(origin, Integer.MAX_VALUE);
                List<Prefills.Piece> pieces = List.of();
                Window steps;
                try {
                    steps = steps(session, origin);
                } finally {
                    pieces = running.stopped();
                }
                if (run >= workload.warmups()) {
                    decoded.add(steps.perSecond(decodedTokens()));
                    filled.add(steps.perSecond(pieces.stream()
                            .mapToDouble(piece -> piece.tokensWithin(steps.beginMs, steps.endMs)).sum()));
                }
            }
        }
        return row(decoding, work, median(decoded), median(filled));
    }

    private Session open(Engine engine) {
        return turns.take(() -> engine.open(workload.batch(), workload.capacity(), workload.promptStep()));
    }

    private Prefills prefills(Engine engine) {
        return new Prefills(engine, new Workload(1, workload.prompt(), 1, 0, 1), turns);
    }

    /// Fills the batch anew.
    ///
    /// @return a mark that times are counted from
    private Session.Mark prepare(Engine engine, Session session) {
        turns.run(() -> {
            session.clear();
            TokenTimer.feed(session, workload, workload.prompts(engine.config().vocabulary()));
            session.choose();
        });
        return origin(session);
    }

    /// A mark that has been reached, so that all that is put in from now on comes later, in whatever stream.
    private Session.Mark origin(Session session) {
        Session.Mark mark = turns.take(session::mark);
        mark.millisSince(mark); // waits
        return mark;
    }

    /// Decodes; each token is brought to the host.
    private Window steps(Session session, Session.Mark origin) {
        Deque<Session.Mark> underway = new ArrayDeque<>();
        Session.Mark begin = turns.take(session::mark);
        for (int i = 1; i < workload.generate(); i++) {
            underway.add(turns.take(() -> {
                session.advance();
                session.bringChosen();
                return session.mark();
            }));
            if (underway.size() > AHEAD) {
                underway.remove().millisSince(origin); // waits
            }
        }
        return new Window(begin.millisSince(origin), underway.getLast().millisSince(origin));
    }

    private double decodedTokens() {
        return (double) workload.batch() * (workload.generate() - 1);
    }

    private BesideRow row(Engine engine, Work work, OptionalDouble decoded, OptionalDouble filled) {
        return new BesideRow(model, engine.device(), layer, work, workload, decoded, filled);
    }

    private static OptionalDouble median(List<Double> rates) {
        List<Double> sorted = rates.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return OptionalDouble.of(sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }
}
