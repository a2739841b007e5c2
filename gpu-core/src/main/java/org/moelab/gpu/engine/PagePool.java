package org.moelab.gpu.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The pages of a cache by their numbers: which are free, and how many users each of the others has. A page that several
/// sequences begin with is one page with several users.
final class PagePool {
    /// Pages that the pool grows by at a time: with gpt-oss-20b's 3 MiB in bf16 that is 1024 tokens in 48 MiB.
    static final int CHUNK_PAGES = 16;

    private final int most;
    private final List<Integer> users = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /// @param most the most pages that it may come to have
    PagePool(int most) {
        this.most = most;
    }

    /// Pages that it has, free or not.
    int pages() {
        return users.size();
    }

    /// Pages that are free.
    int free() {
        return free.size();
    }

    /// How many pages to [#add] so that some can be taken: whole chunks, where there may be so many.
    ///
    /// @throws IllegalStateException where there may not be enough
    int growth(int wanted) {
        int lacking = wanted - free.size();
        if (lacking <= 0) {
            return 0;
        }
        int addable = most - pages();
        if (lacking > addable) {
            throw new IllegalStateException(
                    wanted + " pages wanted of a cache that has " + free.size() + " free and may grow by " + addable);
        }
        return Math.min(Math.ceilDiv(lacking, CHUNK_PAGES) * CHUNK_PAGES, addable);
    }

    /// Adds free pages, numbered from [#pages] on.
    void add(int count) {
        for (int i = 0; i < count; i++) {
            free.add(pages());
            users.add(0);
        }
    }

    /// Takes a free page, whose only user is who takes it.
    ///
    /// @throws IllegalStateException where none is free
    int take() {
        Integer page = free.poll();
        if (page == null) {
            throw new IllegalStateException("none of the cache's " + pages() + " pages is free");
        }
        users.set(page, 1);
        return page;
    }

    /// Gives a page that somebody uses one more user.
    void share(int page) {
        users.set(page, requireUsed(page) + 1);
    }

    /// Takes a user from a page, which is free where that was the last.
    void release(int page) {
        int left = requireUsed(page) - 1;
        users.set(page, left);
        if (left == 0) {
            free.add(page);
        }
    }

    private int requireUsed(int page) {
        int count = users.get(page);
        if (count == 0) {
            throw new IllegalStateException("nobody uses page " + page);
        }
        return count;
    }
}
