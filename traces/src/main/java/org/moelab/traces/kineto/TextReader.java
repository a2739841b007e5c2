package org.moelab.traces.kineto;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.kineto.TextBlock.Parsed;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Warning;

/// Reads a whole file: this thread unpacks it into blocks that seem to begin and end between events, a pool parses them.
///
/// Whether the guess was right shows when the block before is parsed: it must stop exactly between two events. Where it
/// does not, the rest of it and the next block are put together and parsed again.
final class TextReader {
    /// A single event, or what stands before or behind all events, may not be larger; several copies of it are held.
    private static final int MAX_VALUE_BYTES = (int) Math.min(1 << 28, Runtime.getRuntime().maxMemory() / 8);
    /// What an event, and a thread or row, needs while the trace is built, how often strings are held, and the part of
    /// the memory that all may take.
    private static final long BYTES_AN_EVENT = 140;
    private static final long BYTES_A_PLACE = 1000;
    private static final long COPIES_OF_STRINGS = 3;
    private static final double USABLE_MEMORY = 0.75;
    /// The pool of strings is one array.
    private static final long MAX_STRING_BYTES = 1 << 30;

    private final Path file;
    private final long packedSize;
    private final PackedText text;
    private final int blockSize;
    private final ImportMonitor monitor;
    private final Deque<TextBlock> inFlight = new ArrayDeque<>();
    private final Deque<byte[]> free = new ArrayDeque<>();

    private Envelope envelope = new Envelope();
    private final List<EventBlock> blocks = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();
    private long memory;
    private long stringBytes;
    private long entries;

    /// Unpacked bytes that are in no block yet, and the place of the first of them.
    private byte[] rest = new byte[0];
    private long restPlace;
    private boolean ended;
    /// Bytes from the last certain boundary on, while a guess is being mended.
    private byte[] open = new byte[0];
    private long openPlace;
    private long openEnough;
    private boolean stopped;

    /// @param packedSize the file's size on disk, to tell the progress by
    /// @param blockSize bytes of text in a block
    TextReader(Path file, long packedSize, PackedText text, int blockSize, ImportMonitor monitor) {
        this.file = file;
        this.packedSize = packedSize;
        this.text = text;
        this.blockSize = blockSize;
        this.monitor = monitor;
    }

    /// Reads everything. Afterwards the results can be asked for.
    ///
    /// @throws TraceReadException where nothing useful can be read
    /// @throws CancellationException where the monitor cancels
    void read() throws TraceReadException {
        readHead();
        int cores = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, cores - 1),
                Thread.ofPlatform().daemon().name("trace-parser-", 0).factory())) {
            try {
                while (!stopped && readBlock()) {
                    if (!ended || inFlight.size() > 1) {
                        pool.execute(inFlight.getLast().parsing());
                    }
                    if (inFlight.size() > cores * 2) {
                        join(inFlight.removeFirst());
                    }
                    tellProgress();
                }
                while (!stopped && !inFlight.isEmpty()) {
                    join(inFlight.removeFirst());
                    monitor.checkCancelled();
                }
            } finally {
                inFlight.forEach(block -> block.parsing().cancel(true));
            }
        }
        if (!stopped) {
            finishCutOff();
        }
        boolean holdsEvents = blocks.stream().anyMatch(EventBlock::holdsEvents);
        if (entries > 0 && !holdsEvents) {
            throw new TraceReadException(file, "is JSON, but none of its " + entries
                    + " entries is an event of a trace, with a phase (ph)");
        }
    }

    private void tellProgress() {
        monitor.checkCancelled();
        monitor.update(packedSize > 0 ? Math.min(1, (double) text.packedBytes() / packedSize) : Double.NaN, "reading");
    }

    private void readHead() throws TraceReadException {
        byte[] head = new byte[0];
        int length = 0;
        while (true) {
            int size = Math.max(blockSize, length * 2);
            head = Arrays.copyOf(head, size + JsonCursor.PADDING);
            int read = text.fill(head, length, size - length);
            length += read;
            ended = length < size;
            JsonCursor cursor = new JsonCursor(head, JsonText.start(head), length);
            try {
                envelope = new Envelope();
                envelope.readHead(cursor);
                if (!envelope.hasEvents()) {
                    throw new TraceReadException(file,
                            "is JSON without an array traceEvents: no trace of the PyTorch profiler or of Chrome");
                }
                rest = Arrays.copyOfRange(head, cursor.position(), length);
                restPlace = cursor.position();
                return;
            } catch (JsonFault e) {
                if (ended || !e.atEnd()) {
                    throw new TraceReadException(file, "byte " + e.position() + ": expected " + e.getMessage()
                            + (e.atEnd() ? ", but " + endOfText() : ""), e);
                }
                if (length > MAX_VALUE_BYTES) {
                    throw tooLarge(0, e);
                }
            }
            tellProgress();
        }
    }

    private String endOfText() {
        return text.damage().isEmpty() ? "the file ends" : text.damage();
    }

    private TraceReadException tooLarge(long place, JsonFault cause) {
        return new TraceReadException(file, "byte " + place + ": a value of more than " + (MAX_VALUE_BYTES >> 20)
                + " MB; no profiler writes that", cause);
    }

    /// Unpacks the next block and queues it; gives false at the end of the text.
    private boolean readBlock() throws TraceReadException {
        byte[] bytes = free.isEmpty() ? new byte[blockSize + JsonCursor.PADDING] : free.removeFirst();
        int size = Math.max(blockSize, rest.length * 2);
        int length = rest.length;
        int cut = -1;
        while (cut < 0) {
            if (bytes.length < size + JsonCursor.PADDING) {
                bytes = Arrays.copyOf(bytes, size + JsonCursor.PADDING);
            }
            System.arraycopy(rest, 0, bytes, 0, rest.length);
            if (!ended) {
                length += text.fill(bytes, length, size - length);
                ended = length < size;
            }
            cut = ended ? length : Cut.last(bytes, 0, length);
            if (cut < 0 && length > MAX_VALUE_BYTES) {
                throw tooLarge(restPlace, new JsonFault(0, "the end of an event", true));
            }
            size = length * 2;
        }
        if (length == 0) {
            return false;
        }
        rest = Arrays.copyOfRange(bytes, cut, length);
        Arrays.fill(bytes, cut, cut + JsonCursor.PADDING, (byte) 0);
        inFlight.addLast(new TextBlock(bytes, 0, cut, restPlace));
        restPlace += cut;
        return true;
    }

    private void join(TextBlock block) throws TraceReadException {
        if (open.length == 0) {
            take(block);
        } else {
            open = concat(open, block.bytes(), block.from(), block.limit());
            if (open.length > MAX_VALUE_BYTES) {
                throw tooLarge(openPlace, new JsonFault(0, "the end of an event", true));
            }
            if (open.length >= openEnough) {
                takeOpen();
            }
        }
        if (block.bytes().length == blockSize + JsonCursor.PADDING) {
            free.addLast(block.bytes());
        }
    }

    private void takeOpen() throws TraceReadException {
        TextBlock again = new TextBlock(Arrays.copyOf(open, open.length + JsonCursor.PADDING), 0, open.length,
                openPlace);
        open = new byte[0];
        take(again);
    }

    /// Takes over what a block was parsed to; it begins at a certain boundary.
    private void take(TextBlock block) throws TraceReadException {
        Parsed parsed = result(block);
        blocks.add(parsed.events());
        count(parsed.events());
        if (parsed.closed()) {
            stopped = true;
            readTail(block, parsed.boundary());
        } else if (parsed.fault().isPresent()) {
            JsonFault fault = parsed.fault().get();
            if (fault.atEnd()) {
                open = Arrays.copyOfRange(block.bytes(), parsed.boundary(), block.limit());
                openPlace = block.placeOf(parsed.boundary());
                openEnough = parsed.boundary() == block.from() ? open.length * 2L : 0;
            } else {
                stopped = true;
                long place = block.placeOf(fault.position());
                if (entries == 0) {
                    throw new TraceReadException(file, "byte " + place + ": expected " + fault.getMessage(), fault);
                }
                warnings.add(new Warning("malformed", 1, "byte " + place + ": expected " + fault.getMessage()
                        + "; what follows was not read"));
            }
        }
    }

    private void count(EventBlock events) throws TraceReadException {
        entries += events.entries();
        stringBytes += events.events().strings().bytes();
        memory += BYTES_AN_EVENT * (events.events().size() + (long) events.points().size())
                + BYTES_A_PLACE * events.places().size() + COPIES_OF_STRINGS * events.events().strings().bytes();
        long available = Runtime.getRuntime().maxMemory();
        if (memory > USABLE_MEMORY * available) {
            throw new TraceReadException(file, "holds too many events for the " + (available >> 20)
                    + " MB of memory that Java may use (-Xmx)");
        }
        if (stringBytes > MAX_STRING_BYTES) {
            throw new TraceReadException(file, "holds more than " + (MAX_STRING_BYTES >> 20) + " MB of distinct names");
        }
    }

    private static Parsed result(TextBlock block) {
        block.parsing().run();
        try {
            return block.parsing().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException) new CancellationException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a block of events could not be parsed", e.getCause());
        }
    }

    private static byte[] concat(byte[] a, byte[] b, int from, int to) {
        byte[] joined = Arrays.copyOf(a, a.length + to - from);
        System.arraycopy(b, from, joined, a.length, to - from);
        return joined;
    }

    /// Reads what follows the array of events: the rest of this block, of those behind it, and of the text.
    private void readTail(TextBlock block, int from) throws TraceReadException {
        byte[] tail = Arrays.copyOfRange(block.bytes(), from, block.limit());
        for (TextBlock behind : inFlight) {
            behind.parsing().cancel(false);
            tail = concat(tail, behind.bytes(), behind.from(), behind.limit());
        }
        tail = concat(tail, rest, 0, rest.length);
        int length = tail.length;
        while (!ended && length <= MAX_VALUE_BYTES) {
            tail = Arrays.copyOf(tail, Math.max(blockSize, length * 2));
            length += text.fill(tail, length, tail.length - length);
            ended = length < tail.length;
            tellProgress();
        }
        if (!ended) {
            warnings.add(new Warning("malformed", 1, "byte " + block.placeOf(from)
                    + ", behind the events: more text than any profiler writes there; it was not read"));
            return;
        }
        readTail(new JsonCursor(Arrays.copyOf(tail, length + JsonCursor.PADDING), 0, length), block.placeOf(from));
    }

    private void readTail(JsonCursor cursor, long place) {
        try {
            envelope.readTail(cursor);
            if (!cursor.atEnd()) {
                warnings.add(new Warning("trailing-data", 1, "byte " + (place + cursor.position())
                        + ": more text behind the end of the trace, which was not read"));
            } else if (!text.damage().isEmpty()) {
                warnings.add(new Warning("damaged", 1, text.damage() + ", but the trace in it is whole"));
            }
        } catch (JsonFault e) {
            String where = "byte " + (place + e.position()) + ", behind the events: expected " + e.getMessage();
            warnings.add(e.atEnd()
                    ? new Warning("truncated", 1, where + ", but " + endOfText())
                    : new Warning("malformed", 1, where));
        }
        if (envelope.repeatsEvents()) {
            warnings.add(new Warning("repeated-events", 1, "a second array traceEvents was not read"));
        }
    }

    /// The text ended before the array of events did.
    private void finishCutOff() throws TraceReadException {
        long end = restPlace;
        if (open.length > 0) {
            end = openPlace + open.length;
            takeOpen();
        }
        if (!stopped) {
            if (entries == 0) {
                throw new TraceReadException(file, "byte " + end + ": expected events, but " + endOfText());
            }
            warnings.add(new Warning("truncated", 1,
                    "cut off at byte " + end + ": " + endOfText() + " before the array of events does; "
                            + entries + " entries before that were read"));
        }
    }

    /// What was read, in file order.
    List<EventBlock> blocks() {
        return blocks;
    }

    /// What stands around the events.
    Envelope envelope() {
        return envelope;
    }

    /// What was wrong with the text.
    List<Warning> warnings() {
        return warnings;
    }
}
