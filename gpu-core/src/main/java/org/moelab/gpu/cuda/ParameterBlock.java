package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A kernel's parameters, laid out once in native memory and launched from there any number of times: the values in one
/// block, and the array of pointers to them that `cuLaunchKernel` takes. A value may be replaced between launches.
///
/// The block must outlive its launches' calls, not the kernels' runs. One thread at a time.
public final class ParameterBlock {
    private static final long SLOT = Long.BYTES;

    private final MemorySegment values;
    private final MemorySegment pointers;
    private final List<ValueLayout> types;

    private ParameterBlock(Arena arena, List<ValueLayout> types) {
        this.types = types;
        this.values = arena.allocate(Math.max(1, types.size()) * SLOT, SLOT);
        this.pointers = arena.allocate(ValueLayout.ADDRESS, Math.max(1, types.size()));
        for (int i = 0; i < types.size(); i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(i * SLOT, types.get(i).byteSize()));
        }
    }

    /// Begins a list of parameters, in the order of the kernel's declaration.
    public static Builder builder() {
        return new Builder();
    }

    /// Replaces a 32-bit integer.
    public void setInt(int index, int value) {
        values.set(typed(index, ValueLayout.JAVA_INT), index * SLOT, value);
    }

    /// Replaces a 64-bit integer or an address.
    public void setLong(int index, long value) {
        values.set(typed(index, ValueLayout.JAVA_LONG), index * SLOT, value);
    }

    /// Replaces a 32-bit floating-point number.
    public void setFloat(int index, float value) {
        values.set(typed(index, ValueLayout.JAVA_FLOAT), index * SLOT, value);
    }

    /// The array of pointers to the values, in order.
    MemorySegment pointers() {
        return pointers;
    }

    private <T extends ValueLayout> T typed(int index, T type) {
        if (!types.get(index).equals(type)) {
            throw new IllegalArgumentException("parameter " + index + " is " + types.get(index) + ", not " + type);
        }
        return type;
    }

    /// A list of parameters in the making.
    public static final class Builder {
        private final List<ValueLayout> types = new ArrayList<>();
        private final List<Number> values = new ArrayList<>();

        private Builder() {
        }

        /// Adds the address of a buffer.
        public Builder pointer(DeviceBuffer buffer) {
            return add(ValueLayout.JAVA_LONG, buffer.address());
        }

        /// Adds an address.
        public Builder pointer(long address) {
            return add(ValueLayout.JAVA_LONG, address);
        }

        /// Adds an `int`.
        public Builder int32(int value) {
            return add(ValueLayout.JAVA_INT, value);
        }

        /// Adds a `long long`.
        public Builder int64(long value) {
            return add(ValueLayout.JAVA_LONG, value);
        }

        /// Adds a `float`.
        public Builder float32(float value) {
            return add(ValueLayout.JAVA_FLOAT, value);
        }

        private Builder add(ValueLayout type, Number value) {
            types.add(type);
            values.add(value);
            return this;
        }

        /// Lays the parameters out in native memory that lives as long as the arena.
        public ParameterBlock build(Arena arena) {
            ParameterBlock block = new ParameterBlock(arena, List.copyOf(types));
            for (int i = 0; i < types.size(); i++) {
                switch (values.get(i)) {
                    case Integer value -> block.setInt(i, value);
                    case Float value -> block.setFloat(i, value);
                    case Number value -> block.setLong(i, value.longValue());
                }
            }
            return block;
        }
    }
}
