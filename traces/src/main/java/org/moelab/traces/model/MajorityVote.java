package org.moelab.traces.model;

/// Weighted majority vote (Boyer and Moore): a name with more than half of all votes always wins, otherwise one with many does.
/// Results of votes can be voted on in turn.
final class MajorityVote {
    /// How many numbers of a column hold a result: its weight and its name, side by side because they are read together.
    static final int LENGTH = 2;

    private int name;
    /// Below 0 before the first vote.
    private long weight = -1;

    /// A vote without votes.
    MajorityVote() {
    }

    /// A vote as far as another is.
    MajorityVote(MajorityVote other) {
        set(other);
    }

    /// Makes this vote what another is.
    final void set(MajorityVote other) {
        name = other.name;
        weight = other.weight;
    }

    /// Forgets all votes.
    void reset() {
        weight = -1;
    }

    /// The name that leads.
    int name() {
        return name;
    }

    /// Adds votes. Without branches: names come in no order, and a processor that guesses them waits longer for its
    /// wrong guesses than it computes.
    ///
    /// @param votes at least 0
    void add(int candidate, long votes) {
        int differs = (candidate ^ name) & (int) (~weight >> 63);
        long against = (differs | -differs) >> 31;
        long left = Math.max(0, weight) + ((votes ^ against) - against);
        // all bits set where the candidate had more votes than the name had left
        int turned = (int) (left >> 63);
        name = candidate ^ differs & ~turned;
        weight = Math.abs(left);
    }

    /// Adds a result.
    void add(long[] results, int index) {
        add((int) results[index * LENGTH + 1], results[index * LENGTH]);
    }

    /// Lays the result down.
    void store(long[] results, int index) {
        results[index * LENGTH] = weight;
        results[index * LENGTH + 1] = name;
    }
}
