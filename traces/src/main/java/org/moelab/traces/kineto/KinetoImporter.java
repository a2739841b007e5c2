package org.moelab.traces.kineto;

import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;

import org.moelab.traces.FileProbe;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.TimelineImporter;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;

/// Reads what the PyTorch profiler (Kineto) writes, and Chrome traces in general: the object form with `traceEvents` and
/// the array form, plain or packed.
///
/// - [Trace#source] is the byte offset of the event in the unpacked text: sorting by it gives the file's order.
/// - Device events lie on tracks whose locus has `args.device`, `args.context` and `args.stream`; a stream that the
///   arguments do not name is `Locus.NONE`, except on rows of annotations, which have the stream from `tid`.
/// - Times are nanoseconds since `baseTimeNanoseconds` where the file has one, else as the file counts them.
public final class KinetoImporter implements TimelineImporter {
    /// Times from here on are wall-clock times since 1970 in ns: nothing runs for thirty years.
    private static final long WALL_CLOCK_FROM = 1_000_000_000_000_000_000L;

    private static final int BLOCK_SIZE = 1 << 22;

    private final int blockSize;

    /// The importer, for `ServiceLoader`.
    public KinetoImporter() {
        this(BLOCK_SIZE);
    }

    /// @param blockSize bytes of text that are parsed at a time
    KinetoImporter(int blockSize) {
        this.blockSize = blockSize;
    }

    @Override
    public TraceFormat format() {
        return TraceFormat.KINETO;
    }

    @Override
    public Set<TraceFormat> formats() {
        return Set.of(TraceFormat.KINETO, TraceFormat.CHROME);
    }

    @Override
    public boolean mayRead(FileProbe probe) {
        byte[] head = probe.head();
        int i = JsonText.start(head);
        return i < head.length && (head[i] == '{' || head[i] == '[');
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Trace read(FileProbe probe, ImportOptions options, ImportMonitor monitor) throws TraceReadException {
        TraceBuilder builder = new TraceBuilder();
        TextReader reader;
        try (PackedText text = new PackedText(probe.file(), probe.compression(),
                options.maxUnpackedBytes(probe.size()))) {
            reader = new TextReader(probe.file(), probe.size(), text, blockSize, monitor);
            reader.read();
        }
        reader.warnings().forEach(w -> builder.warn(w.code(), w.count(), w.message()));
        Envelope envelope = reader.envelope();
        new Assembly(builder, reader.blocks()).assemble(envelope);
        boolean wallClock = reader.blocks().stream().map(EventBlock::events).filter(e -> e.size() > 0).findFirst()
                .filter(e -> e.start(0) > WALL_CLOCK_FROM).isPresent();
        OptionalLong epoch = envelope.baseTimeNs().isPresent() || !wallClock
                ? envelope.baseTimeNs()
                : OptionalLong.of(0);
        return builder.build(
                new RecordingInfo(List.of(probe.file()),
                        envelope.isProfiler() ? TraceFormat.KINETO : TraceFormat.CHROME, "", envelope.schema(), epoch,
                        envelope.devices(), envelope.properties()),
                monitor);
    }

    @Override
    public SequencedMap<String, String> details(Trace trace, int event) throws TraceReadException {
        int recorded = trace.origin(event) < 0 ? event : trace.origin(event);
        return EventDetails.read(trace.file(recorded), trace.source(recorded), trace.name(recorded));
    }
}
