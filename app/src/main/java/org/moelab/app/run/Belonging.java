package org.moelab.app.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.ReportJson;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.gpu.bench.SweepReport;

/// Holds what lies beside a run's figures against the run: what was measured of another model, on another device or by another
/// build is not of it, and is left aside.
public final class Belonging {
    private Belonging() {
    }

    /// The sweeps in a run's directory that are of the run; empty where there are none.
    ///
    /// @throws IOException where they are damaged; the message names the file
    public static Optional<SweepReport> sweeps(Path folder, RunReport run) throws IOException {
        return SweepFile.read(folder).filter(sweeps -> foreign(run, sweeps).isEmpty());
    }

    /// The ablations in a run's directory that are of the run; empty where there are none.
    ///
    /// @throws IOException where they are damaged; the message names the file
    public static Optional<AblationReport> ablations(Path folder, RunReport run) throws IOException {
        return AblationFile.read(folder).filter(ablations -> foreign(run, ablations).isEmpty());
    }

    /// Why sweeps are not of a run, in a line that names the file; empty where they are. A run sweeps after it has begun.
    public static Optional<String> foreign(RunReport run, SweepReport sweeps) {
        List<String> other = differences(run, sweeps.model(), sweeps.machine(), sweeps.versions());
        if (isBefore(sweeps.started(), run)) {
            other.add("before the run began, at " + sweeps.started());
        }
        return line(SweepFile.NAME, other);
    }

    /// Why ablations are not of a run, in a line that names the file; empty where they are. `moelab ablate` may have measured
    /// them before.
    public static Optional<String> foreign(RunReport run, AblationReport ablations) {
        return line(AblationFile.NAME,
                differences(run, ablations.model(), ablations.machine(), ablations.versions()));
    }

    /// Whether a moment is before a run began, as far as both are told.
    public static boolean isBefore(String moment, RunReport run) {
        Optional<Instant> began = run.started().flatMap(ReportJson::moment);
        Optional<Instant> then = ReportJson.moment(moment);
        return began.isPresent() && then.isPresent() && then.get().isBefore(began.get());
    }

    private static List<String> differences(RunReport run, RunReport.Model model, RunReport.Machine machine,
            RunReport.Versions versions) {
        List<String> other = new ArrayList<>();
        if (!run.model().equals(model)) {
            other.add(run.model().name().equals(model.name())
                    ? "of other sizes of " + model.name()
                    : "of " + model.name());
        }
        if (!run.machine().device().equals(machine.device())) {
            other.add("on " + machine.device());
        }
        if (!build(run.versions()).equals(build(versions))) {
            other.add("by " + build(versions));
        }
        return other;
    }

    private static String build(RunReport.Versions versions) {
        return "MoE Lab " + versions.moelab() + versions.commit().map(id -> " of commit " + id).orElse("");
    }

    private static Optional<String> line(String file, List<String> other) {
        return other.isEmpty()
                ? Optional.empty()
                : Optional.of(file + " is left aside, it is not of this run: measured " + String.join(", ", other));
    }
}
