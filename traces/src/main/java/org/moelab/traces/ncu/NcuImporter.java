package org.moelab.traces.ncu;

import org.moelab.traces.FileProbe;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.TraceImporter;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.TraceFormat;

/// Reads Nsight Compute's report files (`.ncu-rep`, also packed: `.ncu-repz`, `.gz`) and its CSV pages `raw` and `details`.
public final class NcuImporter implements TraceImporter {
    private static final int RANK = 100;

    @Override
    public TraceFormat format() {
        return TraceFormat.NCU;
    }

    @Override
    public int rank() {
        return RANK;
    }

    @Override
    public boolean mayRead(FileProbe probe) {
        return probe.startsWith(ReportReader.MAGIC) || CsvPageReader.recognises(probe.head());
    }

    @Override
    public KernelReport read(FileProbe probe, ImportOptions options, ImportMonitor monitor) throws TraceReadException {
        return probe.startsWith(ReportReader.MAGIC)
                ? new ReportReader(probe, options, monitor).read()
                : new CsvPageReader(probe, options, monitor).read();
    }
}
