package org.moelab.app.peers;

import java.util.Optional;

/// What was measured, as a file states it. What it does not state is absent.
///
/// @param model its name, however the tool writes it
/// @param gpu its name
/// @param sequences in a batch, or in flight at most at a server
/// @param concurrent whether a server filled its own batches: `sequences` is then how many requests were in flight at most
/// @param prompt tokens of a prompt, the mean where they differ
/// @param context tokens that a sequence held before the first new one; the prompt's, where a prompt is run
/// @param generated new tokens of a sequence, the mean where they differ
/// @param precision of the weights, as the tool writes it
public record PeerSetup(Optional<String> model, Optional<String> gpu, Optional<Integer> sequences, boolean concurrent,
        Optional<Double> prompt, Optional<Double> context, Optional<Double> generated, Optional<String> precision) {
    /// The same with what somebody states of a file that does not.
    PeerSetup completed(Stated stated) {
        return new PeerSetup(model.or(stated::model), gpu.or(stated::gpu), sequences, concurrent, prompt, context,
                generated, precision.or(stated::precision));
    }

    /// What the person who reads a file says where it says nothing.
    public record Stated(Optional<String> model, Optional<String> gpu, Optional<String> precision) {
        /// Nothing.
        public static final Stated NOTHING = new Stated(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
