package org.moelab.gpu.engine;

/// What a session can be given.
final class Tokens {
    private Tokens() {
    }

    /// @throws IllegalArgumentException where the tokens do not fit the session or the vocabulary
    static void check(int[][] tokens, int sequences, int length, int capacity, int vocabulary) {
        if (tokens.length != sequences) {
            throw new IllegalArgumentException("tokens of " + tokens.length + " sequences for a batch of " + sequences);
        }
        int added = tokens[0].length;
        if (added < 1 || length + added > capacity) {
            throw new IllegalArgumentException(added + " tokens after " + length + " do not fit into " + capacity);
        }
        for (int[] row : tokens) {
            if (row.length != added) {
                throw new IllegalArgumentException(
                        "sequences of " + added + " and of " + row.length + " tokens in one batch");
            }
            for (int token : row) {
                if (token < 0 || token >= vocabulary) {
                    throw new IllegalArgumentException("token " + token + " is not in the vocabulary of " + vocabulary);
                }
            }
        }
    }
}
