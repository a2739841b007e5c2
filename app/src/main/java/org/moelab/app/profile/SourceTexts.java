package org.moelab.app.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.moelab.kernels.KernelManifest;
import org.moelab.traces.model.KernelModule.SourceFile;
import org.moelab.traces.model.LineTable;
import org.moelab.traces.ncu.SourceHeat;

/// The text of source files: as the report embeds them, else the lab's own kernel of the same path, if it has the very size
/// that the file had when it was compiled. Of what was compiled where it ran, no report tells the size.
final class SourceTexts {
    private final Map<String, String> own;

    private SourceTexts(Map<String, String> own) {
        this.own = own;
    }

    /// A file's text.
    ///
    /// @param origin where the text is from, in words
    record Text(List<String> lines, String origin) {}

    /// With the sources of the lab's kernels, as far as this build has them.
    static SourceTexts load() {
        try {
            return new SourceTexts(KernelManifest.load().sourceTree().files());
        } catch (IOException _) {
            // a build without its kernels shows the texts of reports only
            return new SourceTexts(Map.of());
        }
    }

    /// The text of a file of the kernel's.
    Optional<Text> find(SourceHeat.File file, List<SourceFile> embedded) {
        Optional<Text> inReport = embedded.stream().filter(f -> !f.content().isEmpty())
                .filter(f -> LineTable.plain(f.path()).equals(file.path()))
                .map(f -> new Text(f.content().lines().toList(), "text as the report embeds it")).findFirst();
        return inReport.isPresent() ? inReport : ofTheLab(file);
    }

    private Optional<Text> ofTheLab(SourceHeat.File file) {
        return own.entrySet().stream().filter(e -> file.path().endsWith("/" + e.getKey()))
                .filter(e -> file.bytes() == 0 || file.bytes() == e.getValue().getBytes(UTF_8).length)
                .map(e -> new Text(e.getValue().lines().toList(), "text: the lab's own " + e.getKey()
                        + (file.bytes() == 0
                                ? " of this build; what was compiled may differ"
                                : ", of the size that was compiled")))
                .findFirst();
    }
}
