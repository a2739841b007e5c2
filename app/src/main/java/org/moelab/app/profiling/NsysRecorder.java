package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.doctor.Profiler;

/// Records a layer with Nsight Systems: a report that its own window opens, and a database that opens anywhere.
final class NsysRecorder implements Recorder {
    private static final String NAME = "nsys";

    @Override
    public Profile record(Place place, Subject subject) throws IOException {
        Profiler nsys = Profiler.nsys(place.host());
        if (nsys.program().isEmpty()) {
            return Recorder.leftOut(Part.NSYS, subject.layer(), Optional.of(NAME), nsys.check().detail(),
                    nsys.check().remedy());
        }
        Tool tool = Tool.of(Part.NSYS, place, subject.layer(), NAME, nsys);
        String reportName = RunSession.fileOf(subject.layer(), ProfileFiles.NSYS);
        String databaseName = RunSession.fileOf(subject.layer(), ProfileFiles.DATABASE);
        Path report = place.folder().resolve(reportName);
        Path database = place.folder().resolve(databaseName);
        Tool.Outcome recorded = tool.run(
                List.of("profile", "--trace=cuda,nvtx", "--sample=none", "--cpuctxsw=none", "--cuda-graph-trace=node",
                        "--capture-range=cudaProfilerApi", "--capture-range-end=stop", "--force-overwrite=true",
                        "--output=" + report),
                subject.whole(), report);
        if (recorded.problem().isPresent()) {
            return recorded.problem().get();
        }
        Tool.Outcome exported = tool.run(List.of("export", "--type=sqlite", "--force-overwrite=true",
                "--output=" + database, report.toString()), List.of(), database);
        return exported.problem().isPresent()
                ? exported.problem().get()
                : tool.proved(recorded.command(), database, List.of(reportName, databaseName));
    }
}
