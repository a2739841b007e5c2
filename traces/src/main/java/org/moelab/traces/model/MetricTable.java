package org.moelab.traces.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// The metrics of all kernels of a report in columns. A row is a metric of a kernel: a name, a typed value or none, and
/// instances, which split the value up by instruction, opcode, unit or time. Rows of a kernel are adjacent and keep the
/// file's order.
///
/// In a CSV page two sections of a kernel may use one name for different metrics. Safe for use by any number of threads.
public final class MetricTable {
    /// How a value is kept.
    public enum Type {
        NONE("none"), TEXT("string"), FLOAT("float"), DOUBLE("double"), UINT32("uint32"), UINT64("uint64");

        private static final Type[] ALL = values();

        private final String title;

        Type(String title) {
            this.title = title;
        }

        /// The type's name in reports.
        public String title() {
            return title;
        }
    }

    private static final int TYPE_MASK = 0x0F;
    private static final int TIMELINE = 0x10;

    private final StringTable strings;
    private final Map<String, Integer> nameIds;
    private final MetricUnit[] deducedUnits;
    private final int[] kernelBegin;
    private final int[] name;
    private final byte[] kind;
    private final long[] bits;
    private final int[] unit;
    private final int[] instanceBegin;
    private final int[] byName;
    private final byte[] instanceKinds;
    private final long[] correlations;
    private final long[] instanceBits;

    private MetricTable(Builder b) {
        strings = b.strings.build();
        kernelBegin = Arrays.copyOf(b.kernelBegin, b.kernels + 1);
        kernelBegin[b.kernels] = b.rows;
        name = Arrays.copyOf(b.name, b.rows);
        kind = Arrays.copyOf(b.kind, b.rows);
        bits = Arrays.copyOf(b.bits, b.rows);
        unit = Arrays.copyOf(b.unit, b.rows);
        instanceBegin = Arrays.copyOf(b.instanceBegin, b.rows + 1);
        instanceBegin[b.rows] = b.instances;
        instanceKinds = Arrays.copyOf(b.instanceKinds, b.instances);
        correlations = Arrays.copyOf(b.correlations, b.instances);
        instanceBits = Arrays.copyOf(b.instanceBits, b.instances);
        nameIds = new HashMap<>();
        for (int id : name) {
            nameIds.putIfAbsent(strings.get(id), id);
        }
        deducedUnits = new MetricUnit[strings.size()];
        byName = new int[b.rows];
        for (int row = 0; row < b.rows; row++) {
            byName[row] = row;
        }
        for (int k = 0; k < b.kernels; k++) {
            IntSort.sort(byName, kernelBegin[k], kernelBegin[k + 1], this::compareForLookUp);
        }
    }

    /// By name; of equal names those with a value first.
    private int compareForLookUp(int a, int b) {
        int byNameId = Integer.compare(name[a], name[b]);
        return byNameId != 0 ? byNameId : Boolean.compare(type(a) == Type.NONE, type(b) == Type.NONE);
    }

    /// A table without kernels.
    public static MetricTable empty() {
        return new Builder().build();
    }

    /// Number of kernels.
    public int kernels() {
        return kernelBegin.length - 1;
    }

    /// Number of rows of all kernels.
    public int size() {
        return name.length;
    }

    /// First row of a kernel.
    public int begin(int kernel) {
        return kernelBegin[kernel];
    }

    /// One past the last row of a kernel.
    public int end(int kernel) {
        return kernelBegin[kernel + 1];
    }

    /// The kernel's row of this metric, or -1. Of several, the first that has a value.
    public int find(int kernel, String metric) {
        Integer id = nameIds.get(metric);
        if (id == null) {
            return -1;
        }
        int low = kernelBegin[kernel];
        int high = kernelBegin[kernel + 1];
        while (low < high) {
            int middle = low + high >>> 1;
            if (name[byName[middle]] < id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < kernelBegin[kernel + 1] && name[byName[low]] == id ? byName[low] : -1;
    }

    /// The kernel's value of this metric, in the unit that the row tells; NaN where it has none or it is text.
    public double value(int kernel, String metric) {
        int row = find(kernel, metric);
        return row < 0 ? Double.NaN : number(row);
    }

    /// The metric's name.
    public String name(int row) {
        return strings.get(name[row]);
    }

    /// How the row's value is kept.
    public Type type(int row) {
        return Type.ALL[kind[row] & TYPE_MASK];
    }

    /// The value as a number, in the row's unit; NaN where there is none or it is text.
    public double number(int row) {
        return number(type(row), bits[row]);
    }

    /// The value as a number in the base unit of the row's unit: ns, bytes, Hz …; NaN where there is none or it is text.
    public double baseValue(int row) {
        return number(row) * unit(row).scale();
    }

    /// The value as text, to full precision; empty where there is none.
    public String text(int row) {
        return text(type(row), bits[row]);
    }

    /// The value's 64 bits: an unsigned integer, a double's bits, or a string's index.
    public long bits(int row) {
        return bits[row];
    }

    /// The value's unit: the one that the file states, else deduced from the name by [MetricUnit#ofMetric].
    public MetricUnit unit(int row) {
        if (unit[row] != 0) {
            return MetricUnit.parse(strings.get(unit[row]));
        }
        MetricUnit deduced = deducedUnits[name[row]];
        if (deduced == null) {
            deduced = MetricUnit.ofMetric(name(row));
            deducedUnits[name[row]] = deduced;
        }
        return deduced;
    }

    /// The unit of [#number] as text: as the file states it, prefix included, else that of [#unit].
    public String unitText(int row) {
        return unit[row] != 0 ? strings.get(unit[row]) : unit(row).text();
    }

    /// Whether the row's instances are samples over time, whose correlation is a time in ns.
    public boolean isTimeline(int row) {
        return (kind[row] & TIMELINE) != 0;
    }

    /// Number of the row's instances.
    public int instanceCount(int row) {
        return instanceBegin[row + 1] - instanceBegin[row];
    }

    /// First instance of a row.
    public int instanceBegin(int row) {
        return instanceBegin[row];
    }

    /// One past the last instance of a row.
    public int instanceEnd(int row) {
        return instanceBegin[row + 1];
    }

    /// How the instance's correlation id is kept; [Type#NONE] where it has none.
    public Type correlationType(int instance) {
        return Type.ALL[instanceKinds[instance] & TYPE_MASK];
    }

    /// What the instance belongs to, as an unsigned integer: an instruction's address, a time in ns, an ordinal.
    public long correlation(int instance) {
        return correlations[instance];
    }

    /// What the instance belongs to, as text: an opcode, a name, or the number's digits.
    public String correlationText(int instance) {
        return text(correlationType(instance), correlations[instance]);
    }

    /// How the instance's value is kept.
    public Type instanceType(int instance) {
        return Type.ALL[instanceKinds[instance] >> 4 & TYPE_MASK];
    }

    /// The instance's value as a number; NaN where there is none or it is text.
    public double instanceNumber(int instance) {
        return number(instanceType(instance), instanceBits[instance]);
    }

    /// The instance's value as text; empty where there is none.
    public String instanceText(int instance) {
        return text(instanceType(instance), instanceBits[instance]);
    }

    /// The 64 bits of the instance's value.
    public long instanceBits(int instance) {
        return instanceBits[instance];
    }

    /// Heap bytes of the table without its strings.
    public long bytes() {
        return 4L * kernelBegin.length + (4L + 1 + 8 + 4 + 4 + 4) * name.length + (1L + 8 + 8) * instanceKinds.length;
    }

    private static double number(Type type, long bits) {
        return switch (type) {
            case NONE, TEXT -> Double.NaN;
            case FLOAT, DOUBLE -> Double.longBitsToDouble(bits);
            case UINT32 -> bits;
            case UINT64 -> bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
        };
    }

    private String text(Type type, long bits) {
        return switch (type) {
            case NONE -> "";
            case TEXT -> strings.get((int) bits);
            case FLOAT, DOUBLE -> Double.toString(Double.longBitsToDouble(bits));
            case UINT32, UINT64 -> Long.toUnsignedString(bits);
        };
    }

    /// Collects rows kernel by kernel. Not for several threads.
    public static final class Builder {
        private final StringTable.Builder strings = new StringTable.Builder();
        private int kernels;
        private int[] kernelBegin = new int[16];
        private int rows;
        private int[] name = new int[256];
        private byte[] kind = new byte[256];
        private long[] bits = new long[256];
        private int[] unit = new int[256];
        private int[] instanceBegin = new int[256];
        private int instances;
        private byte[] instanceKinds = new byte[256];
        private long[] correlations = new long[256];
        private long[] instanceBits = new long[256];

        /// Starts the rows of the next kernel.
        public void beginKernel() {
            if (kernels + 1 >= kernelBegin.length) {
                kernelBegin = Arrays.copyOf(kernelBegin, kernelBegin.length * 2);
            }
            kernelBegin[kernels++] = rows;
        }

        /// The index of a string in the table that [#build] gives.
        public int intern(String s) {
            return strings.intern(s);
        }

        /// Adds a row to the current kernel.
        ///
        /// @param nameId index of the name, from [#intern]
        /// @param value what [#bits] gives for the type
        /// @param unitId index of the unit as the file states it, from [#intern], or 0 where it does not
        /// @param timeline whether the instances are samples over time
        public void add(int nameId, Type type, long value, int unitId, boolean timeline) {
            if (rows + 1 >= name.length) {
                int grown = name.length * 2;
                name = Arrays.copyOf(name, grown);
                kind = Arrays.copyOf(kind, grown);
                bits = Arrays.copyOf(bits, grown);
                unit = Arrays.copyOf(unit, grown);
                instanceBegin = Arrays.copyOf(instanceBegin, grown);
            }
            name[rows] = nameId;
            kind[rows] = (byte) (type.ordinal() | (timeline ? TIMELINE : 0));
            bits[rows] = value;
            unit[rows] = unitId;
            instanceBegin[rows] = instances;
            rows++;
        }

        /// Adds an instance to the last row.
        public void addInstance(Type correlationType, long correlation, Type type, long value) {
            if (instances == instanceKinds.length) {
                int grown = instances * 2;
                instanceKinds = Arrays.copyOf(instanceKinds, grown);
                correlations = Arrays.copyOf(correlations, grown);
                instanceBits = Arrays.copyOf(instanceBits, grown);
            }
            instanceKinds[instances] = (byte) (correlationType.ordinal() | type.ordinal() << 4);
            correlations[instances] = correlation;
            instanceBits[instances] = value;
            instances++;
        }

        /// Replaces the name of every row, where names were not known yet when rows were added.
        ///
        /// @param ids gives the index of a name, from [#intern], for what [#add] was told in its place
        public void resolveNames(IntUnaryOperator ids) {
            for (int row = 0; row < rows; row++) {
                name[row] = ids.applyAsInt(name[row]);
            }
        }

        /// The frozen table.
        public MetricTable build() {
            return new MetricTable(this);
        }
    }
}
