package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Which pages of a pool hold the tokens of each sequence, in their order.
final class PageTable {
    /// Tokens of a page, as `common/pages.cuh` has it.
    static final int PAGE_TOKENS = 64;

    private final PagePool pool;
    private final int pagesEach;
    private final List<List<Integer>> sequences;

    /// Entries that are new, and what lies between them: those of a sequence side by side, sequence by sequence.
    ///
    /// @param first the first of them
    /// @param end one beyond the last
    record Span(int first, int end) {}

    /// @param capacity tokens that each sequence can grow to
    PageTable(PagePool pool, int sequences, int capacity) {
        this.pool = pool;
        this.pagesEach = Math.ceilDiv(capacity, PAGE_TOKENS);
        this.sequences = IntStream.range(0, sequences).<List<Integer>>mapToObj(_ -> new ArrayList<>()).toList();
    }

    /// Entries of each sequence, used or not.
    int pagesEach() {
        return pagesEach;
    }

    /// The page that an entry names, if the sequence has come so far.
    Optional<Integer> page(int entry) {
        List<Integer> pages = sequences.get(entry / pagesEach);
        int index = entry % pagesEach;
        return index < pages.size() ? Optional.of(pages.get(index)) : Optional.empty();
    }

    /// Pages that all sequences lack to hold so many tokens each.
    int missing(int tokens) {
        int needed = needed(tokens);
        return sequences.stream().mapToInt(pages -> Math.max(0, needed - pages.size())).sum();
    }

    /// Takes the pages that are missing from the pool, which has them.
    ///
    /// @return where the new entries are, if there are any
    Optional<Span> extend(int tokens) {
        int needed = needed(tokens);
        int first = Integer.MAX_VALUE;
        int end = 0;
        for (int s = 0; s < sequences.size(); s++) {
            List<Integer> pages = sequences.get(s);
            if (pages.size() < needed) {
                first = Math.min(first, s * pagesEach + pages.size());
                end = s * pagesEach + needed;
            }
            while (pages.size() < needed) {
                pages.add(pool.take());
            }
        }
        return end == 0 ? Optional.empty() : Optional.of(new Span(first, end));
    }

    private int needed(int tokens) {
        int needed = Math.ceilDiv(tokens, PAGE_TOKENS);
        if (needed > pagesEach) {
            throw new IllegalArgumentException(
                    tokens + " tokens of a sequence that can have " + pagesEach + " pages of " + PAGE_TOKENS);
        }
        return needed;
    }

    /// Gives all pages back.
    void clear() {
        sequences.forEach(pages -> {
            pages.forEach(pool::release);
            pages.clear();
        });
    }
}
