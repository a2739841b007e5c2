package org.moelab.gpu.cuda;

import java.util.Optional;

/// Device memory of one purpose that is taken at once and used in pieces: first every piece is reserved, then all are
/// allocated. One allocation is quicker than many, and pieces used together lie together, as a cache window needs it.
public final class DeviceArena implements AutoCloseable {
    private final DeviceMemory memory;
    private final String purpose;
    private final ArenaLayout layout = new ArenaLayout();
    private Optional<DeviceBuffer> buffer = Optional.empty();

    /// @param memory where it is taken
    /// @param purpose what it is for, as the ledger shows it
    public DeviceArena(DeviceMemory memory, String purpose) {
        this.memory = memory;
        this.purpose = purpose;
    }

    /// Reserves a piece; it has an address once the arena is allocated.
    ///
    /// @throws IllegalStateException where the arena already is
    public DeviceSlice reserve(long bytes) {
        if (buffer.isPresent()) {
            throw new IllegalStateException("the memory for " + purpose + " is already allocated");
        }
        return new DeviceSlice(this, layout.reserve(bytes), bytes);
    }

    /// Takes the memory. Its content is undefined.
    ///
    /// @throws CudaException where there is not enough
    public void allocate() {
        buffer = Optional.of(memory.allocate(purpose, layout.bytes()));
    }

    /// The allocation that holds all pieces.
    ///
    /// @throws IllegalStateException where the arena was not allocated
    public DeviceBuffer buffer() {
        return buffer.orElseThrow(() -> new IllegalStateException("the memory for " + purpose + " is not allocated"));
    }

    @Override
    public void close() {
        buffer.ifPresent(DeviceBuffer::close);
    }
}
