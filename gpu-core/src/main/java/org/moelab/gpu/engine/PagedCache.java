package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.DeviceMemory;
import org.moelab.gpu.model.MoeConfig;

/// A cache in pages of 64 tokens, each with all layers of them, which sequences take from a pool as they grow. The pool takes
/// device memory in chunks and keeps it until the session is closed.
///
/// Kernels find pages by a table on the device, whose address stays: how many entries a sequence has, then for each how many
/// bytes its page lies behind the first one. An entry is written once between two [#clear]s, so what is being copied to the
/// device is never changed where the device looks at it.
final class PagedCache implements KeyValueCache {
    static final String TECHNIQUE = "paged-attention";
    /// A window of the level-2 cache spans one stretch of memory, which pages are not.
    private static final String WINDOW = "l2-persistence";
    private static final long ENTRY = ValueLayout.JAVA_LONG.byteSize();

    private final DeviceMemory memory;
    private final CacheLayout page;
    private final PagePool pool;
    private final PageTable table;
    private final Held held = new Held();
    private final List<DeviceBuffer> chunks = new ArrayList<>();
    /// Where each page begins, by its number.
    private final List<Long> begins = new ArrayList<>();
    private final DeviceBuffer onDevice;
    private final MemorySegment entries;
    private boolean headed;
    private boolean poisoned;

    /// @param memory where it is taken
    /// @param host where the table is copied from
    /// @param capacity tokens that each sequence can grow to
    PagedCache(DeviceMemory memory, HostBuffers host, MoeConfig config, CacheForm form, int sequences, int capacity) {
        this.memory = memory;
        this.page = CacheLayout.of(config, form, PageTable.PAGE_TOKENS);
        int pages = Math.multiplyExact(sequences, Math.ceilDiv(capacity, PageTable.PAGE_TOKENS));
        this.pool = new PagePool(pages);
        this.table = new PageTable(pool, sequences, capacity);
        this.entries = host.longs("page table", 1L + pages);
        entries.setAtIndex(ValueLayout.JAVA_LONG, 0, table.pagesEach());
        this.onDevice = held.take(memory.allocate("page table", ENTRY * (1L + pages)), DeviceBuffer::close);
        boolean complete = false;
        try {
            grow(pool.growth(1)); // the first page has the addresses that kernels are bound to
            complete = true;
        } finally {
            if (!complete) {
                held.close();
            }
        }
    }

    /// Whether a session's cache is in pages. All kernels that touch it must know them.
    static boolean suits(Set<String> techniques, MoeConfig config) {
        return techniques.contains(TECHNIQUE) && CacheForm.isTouchedByWholeKernels(techniques, config);
    }

    /// Techniques without those that have no effect because the cache is in pages, or cannot be.
    static Set<String> effective(Set<String> techniques, MoeConfig config) {
        Set<String> effective = new HashSet<>(techniques);
        effective.remove(suits(techniques, config) ? WINDOW : TECHNIQUE);
        return Set.copyOf(effective);
    }

    private DeviceBuffer grow(int pages) {
        DeviceBuffer chunk = held.take(memory.allocate(CacheForm.PURPOSE, pages * page.bytes()), DeviceBuffer::close);
        chunks.add(chunk);
        for (int i = 0; i < pages; i++) {
            begins.add(chunk.address() + i * page.bytes());
        }
        pool.add(pages);
        return chunk;
    }

    @Override
    public long[] addresses(int layer) {
        return page.addresses(begins.getFirst(), layer);
    }

    @Override
    public Launcher room(Launcher launcher) {
        return launcher.pointer(onDevice.address());
    }

    @Override
    public void reach(int tokens, CudaStream stream) {
        int growth = pool.growth(table.missing(tokens));
        if (growth > 0) {
            DeviceBuffer chunk = grow(growth);
            if (poisoned) {
                chunk.fill((byte) 0xFF, stream);
            }
        }
        table.extend(tokens).ifPresent(span -> publish(span, stream));
    }

    private void publish(PageTable.Span span, CudaStream stream) {
        for (int entry = span.first(); entry < span.end(); entry++) {
            int index = 1 + entry;
            table.page(entry).ifPresent(number -> entries.setAtIndex(ValueLayout.JAVA_LONG, index,
                    begins.get(number) - begins.getFirst()));
        }
        long first = headed ? 1L + span.first() : 0;
        long end = 1L + span.end();
        onDevice.upload(entries.asSlice(ENTRY * first, ENTRY * (end - first)), ENTRY * first, stream);
        headed = true;
    }

    @Override
    public void clear() {
        table.clear();
    }

    @Override
    public void poison(CudaStream stream) {
        chunks.forEach(chunk -> chunk.fill((byte) 0xFF, stream));
        poisoned = true;
    }

    @Override
    public Optional<DeviceBuffer> whole() {
        return Optional.empty();
    }

    @Override
    public void close() {
        held.close();
    }
}
