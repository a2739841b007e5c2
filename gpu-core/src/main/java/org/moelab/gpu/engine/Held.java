package org.moelab.gpu.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What was taken so far, to be given back together, the last first: also where taking the next thing fails.
final class Held implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    /// Keeps a thing until [#close].
    ///
    /// @param release gives it back
    <T> T take(T thing, Consumer<? super T> release) {
        releases.push(() -> release.accept(thing));
        return thing;
    }

    /// Leaves everything to whoever has it now: [#close] gives none of it back.
    void release() {
        releases.clear();
    }

    /// Gives everything back, once; where that fails for one thing, the others are given back all the same.
    @Override
    public void close() {
        if (!releases.isEmpty()) {
            Runnable release = releases.pop();
            try {
                release.run();
            } finally {
                close();
            }
        }
    }
}
