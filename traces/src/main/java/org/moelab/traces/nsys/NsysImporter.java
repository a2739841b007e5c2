package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

import org.moelab.traces.FileProbe;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.TimelineImporter;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;

/// Reads Nsight Systems captures: the SQLite exports of versions 2020 to 2026, also packed, and `.nsys-rep` reports
/// where `nsys` is installed. The file is never written to, and nothing is left beside it.
public final class NsysImporter implements TimelineImporter {
    private final Supplier<Optional<NsysTool>> nsys;

    /// An importer that looks for `nsys` when it needs it.
    public NsysImporter() {
        this(NsysTool::find);
    }

    NsysImporter(Supplier<Optional<NsysTool>> nsys) {
        this.nsys = nsys;
    }

    @Override
    public TraceFormat format() {
        return TraceFormat.NSYS;
    }

    @Override
    public boolean mayRead(FileProbe probe) {
        return PlainDatabase.isSqlite(probe) || PlainDatabase.isReport(probe);
    }

    @Override
    public int rank() {
        return 100;
    }

    @Override
    public Trace read(FileProbe probe, ImportOptions options, ImportMonitor monitor) throws TraceReadException {
        try (PlainDatabase plain = PlainDatabase.of(probe, nsys, options, monitor);
                NsysDatabase database = NsysDatabase.open(probe.file(), plain.path())) {
            requireCapture(database);
            return read(database, monitor);
        } catch (SQLException e) {
            throw new TraceReadException(probe.file(), "the database cannot be read: " + NsysDatabase.reason(e), e);
        }
    }

    private static void requireCapture(NsysDatabase database) throws TraceReadException {
        if (CaptureFacts.isCapture(database)) {
            return;
        }
        if (CaptureFacts.isNvprof(database)) {
            throw new TraceReadException(database.file(), "a database of nvprof, which is not supported");
        }
        List<String> tables = database.tables();
        String found = tables.isEmpty()
                ? "no tables at all"
                : "tables " + String.join(", ", tables.subList(0, Math.min(4, tables.size())))
                        + (tables.size() > 4 ? " and " + (tables.size() - 4) + " more" : "");
        throw new TraceReadException(database.file(),
                "a SQLite database of another program: expected tables of Nsight Systems, found " + found);
    }

    private static Trace read(NsysDatabase database, ImportMonitor monitor) throws SQLException, TraceReadException {
        TraceBuilder builder = new TraceBuilder();
        Collector collector = new Collector(database, builder, monitor);
        collector.expect(eventTables(database));
        Targets targets = Targets.read(database, collector.strings());
        NvtxEvents nvtx = new NvtxEvents(collector);
        nvtx.read();
        ApiCalls calls = new ApiCalls(collector);
        calls.read();
        new DeviceWork(collector, targets, calls).read();
        new HostEvents(collector).read();
        MemoryUsage memory = new MemoryUsage(collector, targets);
        memory.read();
        GpuMetrics metrics = new GpuMetrics(collector);
        metrics.read();

        TrackTree tree = new TrackTree(collector, targets, nvtx);
        int[] tracks = tree.build();
        memory.addCounters(tree);
        metrics.addCounters(tree);
        collector.finish(tracks);
        CaptureFacts facts = CaptureFacts.read(database);
        CaptureFacts.warnOfErrors(database, builder);
        new Completeness(database, builder).check(collector.size());
        return builder.build(new RecordingInfo(List.of(database.file()), TraceFormat.NSYS, facts.version(),
                facts.schema(), targets.epochNs(), targets.gpus(collector.places()), facts.properties()), monitor);
    }

    private static List<String> eventTables(NsysDatabase database) {
        List<String> tables = new ArrayList<>(List.of(NvtxEvents.TABLE, ApiCalls.TABLE, DeviceWork.KERNELS,
                DeviceWork.COPIES, DeviceWork.FILLS, DeviceWork.GRAPHS, DeviceWork.WAITS, MemoryUsage.TABLE,
                GpuMetrics.TABLE));
        tables.addAll(HostEvents.tables(database));
        return tables;
    }

    @Override
    public SequencedMap<String, String> details(Trace trace, int event) throws TraceReadException {
        return RowDetails.of(trace, event, nsys);
    }
}
