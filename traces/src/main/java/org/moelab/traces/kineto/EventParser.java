package org.moelab.traces.kineto;

import java.util.Arrays;

import org.moelab.traces.kineto.EventBlock.Flaw;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Locus;

/// Parses a stretch of the array of events into an [EventBlock].
final class EventParser {
    private static final byte[] MEMORY = bytes("[memory]");
    private static final byte[] PROCESS_NAME_EVENT = bytes("process_name");
    private static final byte[] PROCESS_LABELS_EVENT = bytes("process_labels");
    private static final byte[] PROCESS_SORT_EVENT = bytes("process_sort_index");
    private static final byte[] THREAD_NAME_EVENT = bytes("thread_name");
    private static final byte[] THREAD_SORT_EVENT = bytes("thread_sort_index");

    private final JsonCursor cursor;
    private final long base;
    private final EventBlock block = new EventBlock();
    private final EventChunk events = block.events();
    private final EventFields fields = new EventFields();
    private final MetadataFilter metadata = new MetadataFilter();
    private byte[] scratch = new byte[1024];
    private long source;
    private int boundary;
    private boolean closed;

    /// @param cursor stands before an event, or before the end of the array
    /// @param base place of the cursor's first byte in the unpacked text
    EventParser(JsonCursor cursor, long base) {
        this.cursor = cursor;
        this.base = base;
        this.boundary = cursor.position();
    }

    private static byte[] bytes(String s) {
        return s.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /// What was parsed so far.
    EventBlock block() {
        return block;
    }

    /// One past the comma behind the last complete event, or past the end of the array.
    int boundary() {
        return boundary;
    }

    /// Whether the end of the array was reached.
    boolean isClosed() {
        return closed;
    }

    /// Parses up to the end of the array or of the text.
    ///
    /// @throws JsonFault where an event is malformed, or cut off by the end of the text; [#boundary] is where it begins
    void parse() throws JsonFault {
        while (!cursor.atEnd()) {
            if (cursor.peek() == ']') {
                cursor.moveTo(cursor.position() + 1);
                boundary = cursor.position();
                closed = true;
                return;
            }
            parseEntry();
            int next = cursor.peek();
            if (next == ',') {
                cursor.moveTo(cursor.position() + 1);
                boundary = cursor.position();
            } else if (next != ']') {
                if (cursor.atEnd()) {
                    boundary = cursor.position();
                }
                throw cursor.fault("',' or ']' after an event");
            }
        }
    }

    private void parseEntry() throws JsonFault {
        source = base + cursor.position();
        if (cursor.peek() == '{') {
            fields.read(cursor);
            int after = cursor.position();
            store();
            cursor.moveTo(after);
        } else {
            cursor.skipValue();
            block.count(Flaw.NOT_AN_EVENT);
        }
        block.countEntry();
    }

    private void store() throws JsonFault {
        switch (fields.phase) {
            case 'X' -> complete();
            case 'i', 'I', 'R' -> instant();
            case 'M' -> metadata();
            case 's', 't', 'f', 'b', 'e', 'n', 'S', 'F', 'B', 'E' -> point();
            case 'C' -> counters();
            default -> block.countUnknownPhase(fields.phase);
        }
    }

    private boolean hasGoodTime() {
        if (!fields.hasTime) {
            block.count(Flaw.MISSING_TIME);
            return false;
        }
        if (fields.time == JsonCursor.NO_TIME) {
            block.count(Flaw.BAD_TIME);
            return false;
        }
        return true;
    }

    private void complete() {
        if (!fields.hasDuration) {
            block.count(Flaw.MISSING_TIME);
        } else if (hasGoodTime()) {
            if (fields.duration == JsonCursor.NO_TIME) {
                block.count(Flaw.BAD_TIME);
            } else {
                if (fields.duration < 0) {
                    block.count(Flaw.NEGATIVE_DURATION);
                }
                slice(Math.max(0, fields.duration));
            }
        }
    }

    private void slice(long duration) {
        Category category = block.known(categoryId());
        Row row = category.row();
        EventKind kind = category.kind();
        if (category == Category.OTHER && fields.stream != Locus.NONE && fields.device != Locus.NONE) {
            // an accelerator that is not known here
            row = Row.STREAM;
            kind = EventKind.DEVICE_OTHER;
        } else if (category == Category.INSTANT) {
            row = Row.EVENTS;
            kind = EventKind.OTHER;
        }
        int event = add(row, kind, duration);
        if (row.onDevice()) {
            deviceAttributes(event, kind);
        } else if (fields.stream != Locus.NONE) {
            events.attribute(event, AttributeKey.STREAM, fields.stream);
        }
        if (fields.bytes != EventFields.ABSENT) {
            events.attribute(event, AttributeKey.BYTES, fields.bytes);
        }
    }

    private int add(Row row, EventKind kind, long duration) {
        int thread = thread();
        int place = row.onDevice()
                ? block.places().row(thread, row, (int) fields.device, fields.context, fields.stream)
                : block.places().row(thread, row, Locus.NONE, Locus.NONE, Locus.NONE);
        return add(place, kind, duration);
    }

    private int add(int place, EventKind kind, long duration) {
        long correlation = fields.correlation == EventFields.ABSENT ? -1 : fields.correlation;
        int event = events.add(place, kind, fields.time, duration, text(fields.name), correlation, source);
        if (fields.externalId != EventFields.ABSENT) {
            events.attribute(event, AttributeKey.EXTERNAL_ID, fields.externalId);
        }
        if (fields.operation.isPresent()) {
            events.attribute(event, AttributeKey.OPERATION, text(fields.operation));
        }
        if (fields.operationKind.isPresent()) {
            events.attribute(event, AttributeKey.OPERATION_KIND, text(fields.operationKind));
        }
        if (fields.domain.isPresent()) {
            events.attribute(event, AttributeKey.DOMAIN, text(fields.domain));
        }
        return event;
    }

    private void deviceAttributes(int event, EventKind kind) {
        if (kind == EventKind.MEMCPY) {
            int copyKind = copyKind();
            if (copyKind > 0) {
                events.attribute(event, AttributeKey.COPY_KIND, copyKind);
            }
        }
        if (!Double.isNaN(fields.bandwidth)) {
            events.attribute(event, AttributeKey.BANDWIDTH, fields.bandwidth);
        }
        if (fields.hasLaunch) {
            events.attribute(event, AttributeKey.LAUNCH_CONFIG, block.launches().indexOf(fields.launch));
        }
        if (fields.graphNode != EventFields.ABSENT && fields.graphNode != 0) {
            events.attribute(event, AttributeKey.GRAPH_NODE, fields.graphNode);
        }
    }

    /// CUPTI's number for the direction that a copy's name tells: `Memcpy HtoD (Pinned -> Device)`.
    private int copyKind() {
        byte[] b = cursor.bytes();
        int end = fields.name.from + fields.name.length - 2;
        for (int i = fields.name.from + 1; i < end; i++) {
            if (b[i] == 't' && b[i + 1] == 'o') {
                int kind = switch ((b[i - 1] << 8) | b[i + 2]) {
                    case 'H' << 8 | 'D' -> 1;
                    case 'D' << 8 | 'H' -> 2;
                    case 'D' << 8 | 'D' -> 8;
                    case 'H' << 8 | 'H' -> 9;
                    case 'P' << 8 | 'P' -> 10;
                    default -> 0;
                };
                if (kind > 0) {
                    return kind;
                }
            }
        }
        return 0;
    }

    private void instant() {
        if (!hasGoodTime()) {
            return;
        }
        if (fields.memoryBytes != EventFields.ABSENT && isName(MEMORY)) {
            allocation();
            return;
        }
        Row row = fields.scope == 'g' ? Row.SESSION : block.known(categoryId()).row();
        add(row == Row.MEMORY ? Row.EVENTS : row, EventKind.MARK, 0);
    }

    private void allocation() {
        int device = fields.deviceType == 0 ? Locus.NONE : (int) fields.deviceId;
        int thread = thread();
        int place = block.places().row(thread, Row.MEMORY, device, Locus.NONE, Locus.NONE);
        events.attribute(add(place, EventKind.MEMORY, 0), AttributeKey.BYTES, fields.memoryBytes);
        sample(thread, device, "Total Allocated", fields.totalAllocated);
        sample(thread, device, "Total Reserved", fields.totalReserved);
    }

    private void sample(int thread, int device, String name, long value) {
        if (value != EventFields.ABSENT) {
            block.points().add((byte) Points.TOTAL, thread, device, fields.time, events.strings().intern(name), 0,
                    Double.doubleToRawLongBits((double) value), source);
        }
    }

    /// Two ends of something: kept until all blocks are read.
    private void point() {
        if (hasGoodTime()) {
            block.points().add(fields.phase, thread(), text(fields.domain), fields.time, text(fields.name),
                    categoryId(),
                    fields.phase == 'B' || fields.phase == 'E' ? fields.correlation : fields.id, source);
        }
    }

    /// Every member of a counter's arguments is a series.
    private void counters() throws JsonFault {
        if (!hasGoodTime() || fields.args < 0) {
            return;
        }
        cursor.moveTo(fields.args);
        if (cursor.peek() != '{') {
            return;
        }
        cursor.moveTo(cursor.position() + 1);
        int thread = thread();
        int counter = text(fields.name);
        while (cursor.peek() == '"') {
            cursor.memberName();
            int series = text(cursor.stringFrom(), cursor.stringLength(), cursor.stringEscaped());
            double value = cursor.number();
            if (Double.isFinite(value)) {
                block.points().add((byte) 'C', thread, Locus.NONE, fields.time, counter, series,
                        Double.doubleToRawLongBits(value), source);
            }
            if (cursor.peek() == ',') {
                cursor.moveTo(cursor.position() + 1);
                cursor.peek();
            }
        }
    }

    private void metadata() {
        if (isName(PROCESS_NAME_EVENT)) {
            label(Points.PROCESS_NAME);
        } else if (isName(PROCESS_LABELS_EVENT)) {
            label(Points.PROCESS_LABELS);
        } else if (isName(THREAD_NAME_EVENT)) {
            label(Points.THREAD_NAME);
        } else if (isName(PROCESS_SORT_EVENT)) {
            sortIndex(Points.PROCESS_SORT);
        } else if (isName(THREAD_SORT_EVENT)) {
            sortIndex(Points.THREAD_SORT);
        }
    }

    private void label(char what) {
        if (fields.label.isPresent()) {
            describe(what, text(fields.label), 0);
        }
    }

    private void sortIndex(char what) {
        if (fields.sortIndex != EventFields.ABSENT) {
            describe(what, 0, fields.sortIndex);
        }
    }

    private void describe(char what, int name, long value) {
        int thread = thread();
        if (metadata.isNew(what, thread, name, value)) {
            block.points().add((byte) what, thread, Locus.NONE, 0, name, 0, value, source);
        }
    }

    private boolean isName(byte[] name) {
        return fields.name.length == name.length && Arrays.equals(cursor.bytes(), fields.name.from,
                fields.name.from + name.length, name, 0, name.length);
    }

    private int thread() {
        return block.places().thread(code(fields.pid), code(fields.tid));
    }

    private long code(EventFields.IdField id) {
        return id.name.isPresent() ? Places.NAMED + text(id.name) : id.number;
    }

    private int categoryId() {
        EventFields.Slice c = fields.category;
        return c.isPresent() ? block.category(cursor.bytes(), c.from, c.length) : 0;
    }

    private int text(EventFields.Slice slice) {
        return slice.isPresent() ? text(slice.from, slice.length, slice.escaped) : 0;
    }

    private int text(int from, int length, boolean escaped) {
        if (!escaped) {
            return events.strings().intern(cursor.bytes(), from, length);
        }
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return events.strings().intern(scratch, 0, JsonText.unescape(cursor.bytes(), from, length, scratch));
    }
}
