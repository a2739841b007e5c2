package org.moelab.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.moelab.app.task.BackgroundTask.Outcome;

class BackgroundTaskTest {
    private final FxQueue fx = new FxQueue();
    private final List<Object> heard = new ArrayList<>();

    private <T> Outcome<T> listen() {
        return new Outcome<>(heard::add, heard::add);
    }

    @Test
    void start_workThatSucceeds_givesProgressThenTheResult() {
        List<Double> progress = new ArrayList<>();
        BackgroundTask<String> task = BackgroundTask.start("reading", fx, monitor -> {
            monitor.update(0.5, "parsing");
            return "read";
        }, listen());
        task.progressProperty().subscribe(p -> progress.add(p.doubleValue()));

        fx.runUntil(() -> !task.runningProperty().get());

        assertThat(heard).containsExactly("read");
        assertThat(progress).containsExactly(Double.NaN, 0.5);
        assertThat(task.phaseProperty().get()).isEqualTo("parsing");
    }

    @Test
    void start_workThatFailsAsForeseen_givesTheFailure() {
        TaskFailedException failure = new TaskFailedException("a.json: byte 7", new IllegalStateException());
        BackgroundTask<String> task = BackgroundTask.start("reading", fx, _ -> {
            throw failure;
        }, listen());

        fx.runUntil(() -> !task.runningProperty().get());

        assertThat(heard).containsExactly(failure);
    }

    @Test
    void start_workWithADefect_givesTheDefect() {
        IllegalStateException defect = new IllegalStateException("a defect");
        BackgroundTask<String> task = BackgroundTask.start("reading", fx, _ -> {
            throw defect;
        }, listen());

        fx.runUntil(() -> !task.runningProperty().get());

        assertThat(heard).containsExactly(defect);
    }

    @Test
    void cancel_workThatRuns_stopsItAndStaysSilent() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        BackgroundTask<String> task = BackgroundTask.start("reading", fx, monitor -> {
            begun.countDown();
            try {
                while (true) {
                    monitor.checkCancelled();
                    Thread.onSpinWait();
                }
            } finally {
                stopped.countDown();
            }
        }, listen());
        begun.await();

        task.cancel();

        stopped.await();
        fx.runQueued();
        assertThat(task.runningProperty().get()).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void latest_startedTwice_dropsTheFirstResultHoweverLate() {
        LatestTask<String> latest = new LatestTask<>(fx, heard::add);
        CountDownLatch secondIsDone = new CountDownLatch(1);
        CountDownLatch firstIsDone = new CountDownLatch(1);
        latest.start("first", _ -> {
            awaitQuietly(secondIsDone);
            firstIsDone.countDown();
            return "first";
        }, heard::add);
        latest.start("second", _ -> "second", result -> {
            heard.add(result);
            secondIsDone.countDown();
        });

        fx.runUntil(() -> !latest.runningProperty().get());
        awaitQuietly(firstIsDone);
        fx.runQueued();

        assertThat(heard).containsExactly("second");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
