package org.moelab.traces.ncu;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import org.moelab.traces.FileProbe;
import org.moelab.traces.FileProbe.Compression;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelModule;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.ProfiledKernel.Workload;
import org.moelab.traces.ncu.PartReader.CutOffException;
import org.moelab.traces.ncu.proto.BlockHeader;
import org.moelab.traces.ncu.proto.FileHeader;
import org.moelab.traces.ncu.proto.GraphResult;
import org.moelab.traces.ncu.proto.ProfileResult;
import org.moelab.traces.ncu.proto.RangeResult;
import org.moelab.traces.ncu.proto.Source;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

/// Reads a report file: a magic number, a file header, then blocks of a header and its entries. Each part leads with its
/// length, which is not trusted; of a file that is cut off or damaged, what comes before the place is kept.
final class ReportReader {
    /// What a report begins with.
    static final byte[] MAGIC = { 'N', 'V', 'R', 0 };

    private static final int RECURSION_LIMIT = 64;

    private final FileProbe probe;
    private final ImportOptions options;
    private final ImportMonitor monitor;
    private final Findings findings = new Findings();
    private final SessionFacts session = new SessionFacts();
    private final List<String> strings = new ArrayList<>();
    private final List<KernelModule> modules = new ArrayList<>();
    private final List<ProfiledKernel> kernels = new ArrayList<>();
    private final MetricTable.Builder metrics = new MetricTable.Builder();
    private final KernelDecoder decoder = new KernelDecoder(strings, metrics, findings);
    private long version;

    ReportReader(FileProbe probe, ImportOptions options, ImportMonitor monitor) {
        this.probe = probe;
        this.options = options;
        this.monitor = monitor;
    }

    KernelReport read() throws TraceReadException {
        try (InputStream raw = Files.newInputStream(probe.file());
                PartReader in = new PartReader(Recordings.unpack(raw, probe.compression()),
                        options.maxUnpackedBytes(probe.size()))) {
            readAll(in);
        } catch (IOException e) {
            throw new TraceReadException(probe.file(), "cannot be read: " + e.getMessage(), e);
        }
        decoder.resolveNames();
        if (kernels.isEmpty()) {
            findings.once("no-kernels", "the report holds no kernels");
        }
        return new KernelReport(session.info(probe.file(), version), findings.warnings(), kernels, metrics.build(),
                modules);
    }

    private void readAll(PartReader in) throws IOException, TraceReadException {
        try {
            readFileHeader(in);
            while (readBlock(in)) {
                monitor.checkCancelled();
                reportProgress(in);
            }
        } catch (CutOffException e) {
            stop("truncated", e.problem(), e);
        } catch (InvalidProtocolBufferException e) {
            stop("damaged", "the data before byte " + in.position() + " is not a report's: " + e.getMessage(), e);
        } catch (IOException e) {
            if (probe.compression() == Compression.NONE) {
                throw e;
            }
            String code = e instanceof EOFException ? "truncated" : "damaged";
            stop(code, "the " + packing() + " data ends or breaks after byte " + in.position() + " of its content: "
                    + e.getMessage(), e);
        }
    }

    /// Keeps what was read so far, provided that it is of use.
    private void stop(String code, String problem, Exception cause) throws TraceReadException {
        if (kernels.isEmpty()) {
            throw new TraceReadException(probe.file(), problem + ", before its first kernel", cause);
        }
        findings.once(code, problem + "; " + kernels.size() + " kernels were read");
    }

    private String packing() {
        return probe.compression() == Compression.GZIP ? "gzip" : "zstd";
    }

    private void reportProgress(PartReader in) {
        double fraction = probe.compression() == Compression.NONE
                ? (double) in.position() / Math.max(1, probe.size())
                : Double.NaN;
        monitor.update(fraction, "reading");
    }

    private void readFileHeader(PartReader in) throws IOException, CutOffException {
        in.read(MAGIC.length);
        long length = in.readLength();
        if (length == PartReader.END) {
            throw new CutOffException(in.position(), "its magic number");
        }
        version = parse(FileHeader.parser(), whole(in, length, "its file header")).getVersion();
    }

    /// False at the end of the file.
    private boolean readBlock(PartReader in) throws IOException, CutOffException {
        long length = in.readLength();
        if (length == PartReader.END) {
            return false;
        }
        BlockHeader header = parse(BlockHeader.parser(), whole(in, length, "a block header"));
        session.add(header.getSession());
        strings.addAll(header.getStringTable().getStringsList());
        ProcessInfo process = new ProcessInfo(header.hasProcess()
                ? Integer.toUnsignedLong(header.getProcess().getPid())
                : -1, header.getProcess().getName(), OptionalInt.empty());
        session.add(process, header.getProcess().getHost());
        readEntries(in, header, process);
        return true;
    }

    private void readEntries(PartReader in, BlockHeader header, ProcessInfo process)
            throws IOException, CutOffException {
        long end = in.position() + Integer.toUnsignedLong(header.getPayloadSize());
        for (long i = Integer.toUnsignedLong(header.getNumSources()); i > 0 && more(in, end); i--) {
            readSource(in, end);
        }
        for (long i = Integer.toUnsignedLong(header.getNumResults()); i > 0 && more(in, end); i--) {
            readKernel(in, end, process, Workload.KERNEL);
        }
        for (long i = Integer.toUnsignedLong(header.getNumRangeResults()); i > 0 && more(in, end); i--) {
            readKernel(in, end, process, Workload.RANGE);
        }
        for (long i = Integer.toUnsignedLong(header.getNumCommandListResults()); i > 0 && more(in, end); i--) {
            findings.add("command-list",
                    "%d {result of a graphics command list is|results of graphics command lists are} left out");
            whole(in, entryLength(in, end), "a command list");
        }
        for (long i = Integer.toUnsignedLong(header.getNumGraphResults()); i > 0 && more(in, end); i--) {
            readKernel(in, end, process, Workload.GRAPH);
        }
        if (in.position() < end) {
            findings.add("unknown-entries", "%d {block holds|blocks hold} entries of a kind that is not known");
            if (!in.skip(end - in.position())) {
                throw new CutOffException(in.position(), "a block");
            }
        }
    }

    /// Whether the block has another of the entries that it announces.
    private boolean more(PartReader in, long end) {
        monitor.checkCancelled();
        if (in.position() >= end) {
            findings.add("missing-entries", "%d entries that blocks announce are missing");
            return false;
        }
        return true;
    }

    private void readSource(PartReader in, long end) throws IOException, CutOffException {
        byte[] entry = whole(in, entryLength(in, end), "a module");
        try {
            modules.add(decoder.module(parse(Source.parser(), entry)));
        } catch (InvalidProtocolBufferException _) {
            findings.add("damaged-module",
                    "%d {module could not be decoded and is|modules could not be decoded and are} left out");
        }
    }

    private void readKernel(PartReader in, long end, ProcessInfo process, Workload workload)
            throws IOException, CutOffException {
        long length = entryLength(in, end);
        byte[] entry = part(in, length);
        boolean complete = entry.length == length;
        int index = kernels.size();
        try {
            ProfileResult result = result(complete ? entry : PartReader.wholeFields(entry), workload);
            // the block's size is the last of what says which launch this is
            if (complete || result.hasBlock() || workload != Workload.KERNEL) {
                kernels.add(decoder.kernel(index, workload, result, process, session.soleDevice(), complete));
            }
        } catch (InvalidProtocolBufferException _) {
            findings.add("damaged-kernel",
                    "%d {kernel could not be decoded and is|kernels could not be decoded and are} left out");
        }
        if (!complete) {
            throw new CutOffException(in.position(), "kernel " + index);
        }
    }

    private static ProfileResult result(byte[] entry, Workload workload) throws InvalidProtocolBufferException {
        return switch (workload) {
            case KERNEL -> parse(ProfileResult.parser(), entry);
            case RANGE -> KernelDecoder.asKernel(parse(RangeResult.parser(), entry));
            case GRAPH -> KernelDecoder.asKernel(parse(GraphResult.parser(), entry));
        };
    }

    private static long entryLength(PartReader in, long end) throws IOException, CutOffException {
        long at = in.position();
        long length = in.readLength();
        if (length == PartReader.END) {
            throw new CutOffException(at, "a block");
        }
        if (length > end - in.position()) {
            throw new InvalidProtocolBufferException(
                    "an entry of " + length + " bytes at byte " + at + " in a block that ends at byte " + end);
        }
        return length;
    }

    private byte[] whole(PartReader in, long length, String what) throws IOException, CutOffException {
        byte[] bytes = part(in, length);
        if (bytes.length < length) {
            throw new CutOffException(in.position(), what + " of " + length + " bytes");
        }
        return bytes;
    }

    private static byte[] part(PartReader in, long length) throws IOException {
        if (length > PartReader.MAX_PART_BYTES) {
            throw new InvalidProtocolBufferException(
                    "a length of " + length + " bytes at byte " + (in.position() - 4) + " is beyond reason");
        }
        return in.read((int) length);
    }

    private static <T extends Message> T parse(Parser<T> parser, byte[] bytes) throws InvalidProtocolBufferException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.setRecursionLimit(RECURSION_LIMIT);
        return DiscardUnknownFieldsParser.wrap(parser).parseFrom(in);
    }
}
