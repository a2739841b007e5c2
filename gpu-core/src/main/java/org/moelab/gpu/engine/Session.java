package org.moelab.gpu.engine;

import java.util.stream.Stream;

/// A batch of sequences that grow together, with what the model remembers of them. One thread at a time.
///
/// [#feed], [#choose], [#feedChosen] and [#advance] may return before their work is done; [#mark] tells when it was, and whatever
/// gives figures back waits for it.
public interface Session extends AutoCloseable {
    /// Which positions' logits a step gives.
    enum Scope {
        /// Those of the last token of each sequence: what comes next.
        LAST,
        /// Those of every token.
        ALL
    }

    /// A moment in the order of the session's work, on the clock of what does the work.
    @FunctionalInterface
    interface Mark {
        /// Milliseconds of work between an earlier mark of the same engine and this one; waits until this one is reached.
        double millisSince(Mark earlier);
    }

    /// Chosen tokens on their way from where they were chosen to the caller.
    interface Arrival {
        /// Whether they are there; does not wait.
        boolean isThere();

        /// The token of each sequence; waits until they are there, and for nothing else.
        int[] tokens();

        /// Those that are there.
        static Arrival of(int[] tokens) {
            return new Arrival() {
                @Override
                public boolean isThere() {
                    return true;
                }

                @Override
                public int[] tokens() {
                    return tokens.clone();
                }
            };
        }
    }

    /// Number of sequences.
    int sequences();

    /// Tokens that each sequence holds.
    int length();

    /// Appends as many tokens to each sequence and runs the model over them, up to their hidden states.
    ///
    /// @param tokens a row of token ids a sequence, all of one length, at least 1
    /// @throws IllegalArgumentException where a token is not in the vocabulary, or the capacity is exceeded
    void feed(int[][] tokens);

    /// Logits of the tokens fed last.
    ///
    /// @return a row of `vocabulary` a position: sequence by sequence, position by position
    float[][] logits(Scope scope);

    /// [#feed], then [#logits].
    default float[][] append(int[][] tokens, Scope scope) {
        feed(tokens);
        return logits(scope);
    }

    /// Chooses the likeliest token to follow each sequence, the lowest id among equals. It stays where the work is done.
    void choose();

    /// Feeds the tokens chosen last, one a sequence.
    ///
    /// @throws IllegalArgumentException where the capacity is exceeded
    /// @throws IllegalStateException where none were chosen since the last step
    void feedChosen();

    /// [#feedChosen], then [#choose], as greedy decoding does for each token: an engine may do both at once.
    ///
    /// @throws IllegalArgumentException where the capacity is exceeded
    /// @throws IllegalStateException where none were chosen since the last step
    default void advance() {
        feedChosen();
        choose();
    }

    /// Sends the tokens chosen last to the caller, who may go on meanwhile. They are void once the session is cleared or
    /// closed.
    ///
    /// @throws IllegalStateException where none were chosen
    default Arrival bringChosen() {
        int[][] all = chosen();
        if (all[0].length == 0) {
            throw new IllegalStateException("no tokens were chosen");
        }
        return Arrival.of(Stream.of(all).mapToInt(row -> row[row.length - 1]).toArray());
    }

    /// The tokens chosen so far, a row a sequence.
    int[][] chosen();

    /// Forgets all tokens, so that the batch can be filled anew; earlier marks are void. What the first steps prepared for
    /// later ones is kept.
    void clear();

    /// Marks the end of the work so far.
    Mark mark();

    @Override
    void close();
}
