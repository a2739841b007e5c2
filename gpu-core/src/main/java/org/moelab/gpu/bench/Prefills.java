package org.moelab.gpu.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Session;

/// Prompts that are filled in one after the other by a thread of their own, in a session of its own.
final class Prefills implements AutoCloseable {
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("prefill").factory());
    private final Workload workload;
    private final int[][] prompts;
    private final Turns turns;
    private final Session session;

    /// A piece of a prompt on the clock of the device.
    ///
    /// @param tokens of the piece
    /// @param beginMs when its work could begin, from a moment that all pieces share
    /// @param endMs when it was done
    record Piece(int tokens, double beginMs, double endMs) {
        /// The tokens of it that were done within a time, where its work goes on evenly.
        double tokensWithin(double fromMs, double toMs) {
            double inside = Math.min(endMs, toMs) - Math.max(beginMs, fromMs);
            return inside <= 0 ? 0 : tokens * inside / (endMs - beginMs);
        }
    }

    /// Prompts that go on until they are told to stop.
    ///
    /// @param pieces what was done, in order
    record Running(AtomicBoolean stop, Future<List<Piece>> pieces) {
        /// Ends them after the piece that is under way.
        List<Piece> stopped() {
            stop.set(true);
            return ended();
        }

        /// Waits until all are done.
        List<Piece> ended() {
            return result(pieces);
        }
    }

    /// Opens the session and fills one prompt in to warm up.
    ///
    /// @param workload one sequence
    Prefills(Engine engine, Workload workload, Turns turns) {
        this.workload = workload;
        this.turns = turns;
        this.prompts = workload.prompts(engine.config().vocabulary());
        boolean open = false;
        try {
            session = result(thread.submit(() -> turns.take(
                    () -> engine.open(workload.batch(), workload.capacity(), workload.promptStep()))));
            open = true;
        } finally {
            if (!open) {
                thread.shutdown();
            }
        }
        boolean ready = false;
        try {
            result(thread.submit(this::warmUp));
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private void warmUp() {
        Session.Mark end = turns.take(() -> {
            TokenTimer.feed(session, workload, prompts);
            return session.mark();
        });
        end.millisSince(end); // waits
    }

    /// Fills prompts in until told to stop; returns when the first piece was put in.
    ///
    /// @param origin a mark of another session that times are counted from; it has been reached, and must stay good until the
    ///               prompts have stopped
    /// @param most prompts at the most
    Running start(Session.Mark origin, int most) {
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Future<List<Piece>> pieces = thread.submit(() -> {
            try {
                List<Piece> done = new ArrayList<>();
                for (int i = 0; i < most && !stop.get(); i++) {
                    turns.run(session::clear);
                    done.addAll(fill(origin, stop, begun));
                }
                return done;
            } finally {
                begun.countDown(); // also where it failed: who waits is then told by the result
            }
        });
        try {
            begun.await();
        } catch (InterruptedException e) {
            stop.set(true);
            Thread.currentThread().interrupt();
        }
        return new Running(stop, pieces);
    }

    /// One prompt, piece by piece; waits until it is done.
    private List<Piece> fill(Session.Mark origin, AtomicBoolean stop, CountDownLatch begun) {
        List<Session.Mark> marks = new ArrayList<>();
        List<Integer> tokens = new ArrayList<>();
        marks.add(turns.take(session::mark));
        for (int from = 0; from < workload.prompt() && !stop.get(); from += workload.promptStep()) {
            int[][] piece = TokenTimer.piece(workload, prompts, from);
            marks.add(turns.take(() -> {
                session.feed(piece);
                return session.mark();
            }));
            tokens.add(workload.batch() * piece[0].length);
            begun.countDown();
        }
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            pieces.add(
                    new Piece(tokens.get(i), marks.get(i).millisSince(origin), marks.get(i + 1).millisSince(origin)));
        }
        return pieces;
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while prompts were filled in", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            result(thread.submit(() -> turns.run(session::close)));
        } finally {
            thread.shutdown();
        }
    }
}
