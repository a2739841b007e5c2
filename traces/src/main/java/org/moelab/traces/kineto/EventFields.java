package org.moelab.traces.kineto;

import java.util.Arrays;

import org.moelab.traces.model.Locus;

/// One event as it stands in the text: read into these fields, used, and overwritten by the next one. Members that no
/// column holds are skipped; where a member comes twice, the last one counts.
final class EventFields {
    /// A number that the event does not have.
    static final long ABSENT = Long.MIN_VALUE;
    /// Places in [#launch]: grid and block take three each.
    static final int GRID = 0;
    static final int BLOCK = 3;
    static final int REGISTERS = 6;
    static final int SHARED_MEMORY = 7;

    /// `ph`, 0 where missing.
    byte phase;
    /// `s` of an instant, 0 where missing.
    byte scope;
    final Slice category = new Slice();
    final Slice name = new Slice();
    final IdField pid = new IdField();
    final IdField tid = new IdField();
    boolean hasTime;
    /// `ts` in ns, or [JsonCursor#NO_TIME].
    long time;
    boolean hasDuration;
    /// `dur` in ns, or [JsonCursor#NO_TIME].
    long duration;
    /// `id` or `id2`, hashed where it is no number.
    long id;
    /// First byte of the value of `args`, -1 where missing.
    int args;

    long correlation;
    long externalId;
    long device;
    long context;
    long stream;
    long bytes;
    long graphNode;
    double bandwidth;
    boolean hasLaunch;
    final long[] launch = new long[8];
    long memoryBytes;
    long totalAllocated;
    long totalReserved;
    long deviceType;
    long deviceId;
    /// What a run of this lab says of the plan's operation.
    final Slice operation = new Slice();
    final Slice operationKind = new Slice();
    /// The domain of an annotation.
    final Slice domain = new Slice();
    /// The name or labels that a metadata event gives.
    final Slice label = new Slice();
    long sortIndex;

    /// A string's place in the text.
    static final class Slice {
        int from;
        /// -1 where the string is missing.
        int length;
        boolean escaped;

        private void read(JsonCursor c) throws JsonFault {
            if (c.peek() == '"') {
                c.string();
                from = c.stringFrom();
                length = c.stringLength();
                escaped = c.stringEscaped();
            } else {
                length = -1;
                c.skipValue();
            }
        }

        boolean isPresent() {
            return length >= 0;
        }
    }

    /// A `pid` or `tid`: a number, quoted or not, or the place of a name.
    static final class IdField {
        long number;
        final Slice name = new Slice();

        private void clear() {
            number = 0;
            name.length = -1;
        }

        private void read(JsonCursor c) throws JsonFault {
            clear();
            int start = c.position();
            byte first = c.bytes()[start];
            if (first == '"' && !isNumeric(c.bytes()[start + 1])) {
                name.read(c);
                return;
            }
            long n = c.wholeNumber(ABSENT);
            if (n != ABSENT) {
                number = n;
            } else if (first == '"') {
                c.moveTo(start);
                name.read(c);
            }
        }

        private static boolean isNumeric(byte b) {
            return b >= '0' && b <= '9' || b == '-';
        }
    }

    /// Reads the object that the cursor stands on.
    void read(JsonCursor c) throws JsonFault {
        clear();
        c.expect('{', "an event");
        if (c.peek() == '}') {
            c.moveTo(c.position() + 1);
            return;
        }
        do {
            readMember(c);
        } while (hasNextMember(c));
    }

    private static boolean hasNextMember(JsonCursor c) throws JsonFault {
        int next = c.peek();
        if (next != ',' && next != '}') {
            throw c.fault("',' or '}' after a member");
        }
        c.moveTo(c.position() + 1);
        return next == ',';
    }

    private void clear() {
        phase = 0;
        scope = 0;
        category.length = -1;
        name.length = -1;
        pid.clear();
        tid.clear();
        hasTime = false;
        hasDuration = false;
        id = 0;
        args = -1;
        clearArguments();
    }

    private void clearArguments() {
        correlation = ABSENT;
        externalId = ABSENT;
        device = Locus.NONE;
        context = Locus.NONE;
        stream = Locus.NONE;
        bytes = ABSENT;
        graphNode = ABSENT;
        bandwidth = Double.NaN;
        hasLaunch = false;
        memoryBytes = ABSENT;
        totalAllocated = ABSENT;
        totalReserved = ABSENT;
        deviceType = ABSENT;
        deviceId = Locus.NONE;
        operation.length = -1;
        operationKind.length = -1;
        domain.length = -1;
        label.length = -1;
        sortIndex = ABSENT;
    }

    private void readMember(JsonCursor c) throws JsonFault {
        switch (MemberName.read(c)) {
            case NAME -> name.read(c);
            case CATEGORY -> category.read(c);
            case PHASE -> phase = character(c);
            case PID -> pid.read(c);
            case TID -> tid.read(c);
            case TIME -> {
                time = c.time();
                hasTime = true;
            }
            case DURATION -> {
                duration = c.time();
                hasDuration = true;
            }
            case ARGS -> readArguments(c);
            case ID, ID2 -> id = idOrHash(c);
            case SCOPE -> scope = character(c);
            default -> c.skipValue();
        }
    }

    private static byte character(JsonCursor c) throws JsonFault {
        if (c.peek() != '"') {
            c.skipValue();
            return 0;
        }
        c.string();
        return c.stringLength() == 1 ? c.bytes()[c.stringFrom()] : (byte) 0;
    }

    /// A number, or the FNV-1a hash of whatever else it is.
    private static long idOrHash(JsonCursor c) throws JsonFault {
        int start = c.position();
        long number = c.wholeNumber(ABSENT);
        if (number != ABSENT) {
            return number;
        }
        long hash = 0xCBF29CE484222325L;
        for (int i = start; i < c.position(); i++) {
            hash = (hash ^ c.bytes()[i]) * 0x100000001B3L;
        }
        return hash;
    }

    private void readArguments(JsonCursor c) throws JsonFault {
        clearArguments();
        args = c.position();
        if (c.peek() != '{') {
            c.skipValue();
            return;
        }
        c.moveTo(c.position() + 1);
        if (c.peek() == '}') {
            c.moveTo(c.position() + 1);
            return;
        }
        do {
            readArgument(c);
        } while (hasNextMember(c));
    }

    private void readArgument(JsonCursor c) throws JsonFault {
        switch (MemberName.read(c)) {
            case EXTERNAL_ID, EXTERNAL_ID_2021 -> externalId = c.wholeNumber(ABSENT);
            case CORRELATION, CORRELATION_ID -> correlation = c.wholeNumber(ABSENT);
            case DEVICE -> device = c.wholeNumber(Locus.NONE);
            case CONTEXT -> context = c.wholeNumber(Locus.NONE);
            case STREAM -> stream = c.wholeNumber(Locus.NONE);
            case BYTES -> bytes = c.wholeNumber(ABSENT);
            case BANDWIDTH -> bandwidth = c.number();
            case GRAPH_NODE -> graphNode = c.wholeNumber(ABSENT);
            case GRID -> readDimensions(c, GRID);
            case BLOCK -> readDimensions(c, BLOCK);
            case REGISTERS -> setLaunch(REGISTERS, c.wholeNumber(0));
            case SHARED_MEMORY -> setLaunch(SHARED_MEMORY, c.wholeNumber(0));
            case MEMORY_BYTES -> memoryBytes = c.wholeNumber(ABSENT);
            case TOTAL_ALLOCATED -> totalAllocated = c.wholeNumber(ABSENT);
            case TOTAL_RESERVED -> totalReserved = c.wholeNumber(ABSENT);
            case DEVICE_TYPE -> deviceType = c.wholeNumber(ABSENT);
            case DEVICE_ID -> deviceId = c.wholeNumber(Locus.NONE);
            case OPERATION -> operation.read(c);
            case OPERATION_KIND -> operationKind.read(c);
            case DOMAIN -> domain.read(c);
            case NAME, LABELS -> label.read(c);
            case SORT_INDEX -> sortIndex = c.wholeNumber(ABSENT);
            default -> c.skipValue();
        }
    }

    private void setLaunch(int index, long value) {
        if (!hasLaunch) {
            Arrays.fill(launch, 0);
            hasLaunch = true;
        }
        launch[index] = value;
    }

    /// Reads `[x, y, z]`; anything else is skipped.
    private void readDimensions(JsonCursor c, int index) throws JsonFault {
        int start = c.position();
        if (c.peek() != '[') {
            c.skipValue();
            return;
        }
        c.moveTo(c.position() + 1);
        for (int i = 0; i < 3; i++) {
            c.peek();
            long n = c.wholeNumber(ABSENT);
            if (n == ABSENT || c.peek() != (i < 2 ? ',' : ']')) {
                c.moveTo(start);
                c.skipValue();
                return;
            }
            c.moveTo(c.position() + 1);
            setLaunch(index + i, n);
        }
    }
}
