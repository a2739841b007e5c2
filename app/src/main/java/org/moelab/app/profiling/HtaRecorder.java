package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunSession;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.hta.HtaReports;

/// Lays a layer's captured timeline out as HolisticTraceAnalysis opens it: a folder with a Chrome trace a rank ([HtaTrace]). A
/// model runs on one GPU, so there is rank 0 only. That tool's reports lie beside it, as the lab computes them.
final class HtaRecorder implements Recorder {
    private static final String TRACE = "rank_0.json.gz";

    @Override
    public Profile record(Place place, Subject subject) throws IOException {
        if (subject.timeline().isEmpty()) {
            return Recorder.leftOut(Part.HTA, subject.layer(), Optional.empty(), "no timeline was captured",
                    "run on a GPU, with CUPTI; moelab doctor tells how");
        }
        String within = ProfileFiles.HTA + "/" + RunSession.fileOf(subject.layer(), "");
        Path folder = Files.createDirectories(place.folder().resolve(within));
        Path trace = folder.resolve(TRACE);
        List<String> files = new ArrayList<>();
        try {
            HtaTrace.write(subject.timeline().get(), trace);
            files.add(within + "/" + TRACE);
            Recording recording = Recordings.open(trace, ImportOptions.DEFAULT, ImportMonitor.NONE);
            for (Report report : new HtaReports().reports()) {
                if (report.missing(recording).isEmpty()) {
                    String name = report.name() + "." + TableFormat.CSV.extension();
                    TableFormat.CSV.write(report.run(recording, ReportOptions.DEFAULT), folder.resolve(name));
                    files.add(within + "/" + name);
                }
            }
        } catch (TraceReadException e) {
            return Recorder.failed(Part.HTA, subject.layer(), "the timeline does not open: "
                    + String.valueOf(e.getMessage()).replace(place.folder() + "/", ""));
        }
        return Recorder.made(Part.HTA, subject.layer(), files);
    }
}
