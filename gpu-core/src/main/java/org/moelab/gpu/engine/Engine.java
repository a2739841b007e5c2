package org.moelab.gpu.engine;

import org.moelab.gpu.model.MoeConfig;

/// A model loaded somewhere, ready to run. Closing it gives back what it holds.
public interface Engine extends AutoCloseable {
    /// The model's sizes.
    MoeConfig config();

    /// Where it runs, as people call it: `NVIDIA H200`, `CPU reference`.
    String device();

    /// Opens a batch of empty sequences.
    ///
    /// @param sequences how many
    /// @param capacity tokens that each can grow to
    /// @param longestStep the most tokens that one step adds to each; working memory follows it
    Session open(int sequences, int capacity, int longestStep);

    /// Opens a batch of empty sequences that may be filled in one step.
    default Session open(int sequences, int capacity) {
        return open(sequences, capacity, capacity);
    }

    /// Opens a batch that also tells which experts its tokens are sent to, which costs it time.
    RoutedSession openRouted(int sequences, int capacity, int longestStep);

    @Override
    void close();
}
