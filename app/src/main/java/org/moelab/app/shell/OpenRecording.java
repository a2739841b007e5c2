package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.Optional;

import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// A recording that the window holds.
///
/// @param file the file that it was opened from
/// @param recording what was read
/// @param name what the list calls it
/// @param madeBy the producing tool where something else than the file tells it: a run, of its timelines
public record OpenRecording(Path file, Recording recording, String name, Optional<String> madeBy) {
    /// A recording that is called as its file is.
    public OpenRecording(Path file, Recording recording) {
        this(file, recording, String.valueOf(file.getFileName()), Optional.empty());
    }

    /// The producing tool and its version where the file tells.
    public String tool() {
        return madeBy.orElseGet(() -> tool(recording.info()));
    }

    /// The producing tool and its version where the file tells.
    public static String tool(RecordingInfo info) {
        return (info.format().title() + " " + info.version()).strip();
    }

    /// How much it holds, in a few words.
    public String size() {
        return switch (recording) {
            case Trace trace -> Unit.counted(trace.size(), "event");
            case KernelReport report -> Unit.counted(report.kernels().size(), "profiled kernel");
        };
    }
}
