package org.moelab.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Code;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;

/// What profilers recorded of single layers, by which tool, and why they did not; the kernels of the highest layer that each
/// kind of profile is of. Absent where no profiler was asked for and none of their files lies in the directory.
final class Profiles implements Part {
    private static final String FIELD = "run.json, profiles[].";
    /// Reports of Nsight Compute that no run asked for: more of them are left to the window.
    private static final int MOST_STRAYS = 3;

    @Override
    public Optional<Section> of(Subject subject) {
        List<Profile> profiles = subject.run().report().profiles().orElse(List.of());
        List<Path> strays = strays(subject.run(), profiles);
        List<Block> blocks = new ArrayList<>();
        if (!profiles.isEmpty()) {
            blocks.add(table(subject.run(), profiles));
            details(profiles, blocks);
        } else if (!strays.isEmpty()) {
            blocks.add(new Paragraph(
                    "run.json tells of no profiles; the directory holds reports of Nsight Compute that were"
                            + " put there: of which layer and step they are, they do not tell."));
        }
        for (Profile profile : highest(profiles)) {
            recording(subject.run(), profile).ifPresent(file -> {
                String kind = file.getFileName().toString();
                blocks.add(new Heading(Words.begin(profile.layer()) + ", " + kind(profile.kind())));
                blocks.addAll(ProfiledKernels.of(file, "profile-" + profile.kind().replace('_', '-'), kind,
                        subject.monitor()));
            });
        }
        for (Path file : strays.stream().limit(MOST_STRAYS).toList()) {
            String name = file.getFileName().toString();
            blocks.add(new Heading(name));
            blocks.addAll(ProfiledKernels.of(file, "profile-file-" + (strays.indexOf(file) + 1), name,
                    subject.monitor()));
        }
        return blocks.isEmpty() ? Optional.empty() : Optional.of(new Section("profiles", "Profiles", blocks));
    }

    private static String kind(String kind) {
        return kind.replace('_', ' ');
    }

    private static Table table(StoredRun run, List<Profile> profiles) {
        Table.Builder table = Table.of("profiles-table", "What was to be recorded, and what became of it",
                Column.text("Layer", Basis.RECORDED, FIELD + "layer"),
                Column.text("Profile", Basis.RECORDED, FIELD + "kind"),
                Column.text("By", Basis.RECORDED, FIELD + "tool, .version; the lab where it names none"),
                Column.text("State", Basis.RECORDED, FIELD + "state; missing where a file is no longer there"),
                Column.code("File", Basis.RECORDED, FIELD + "files, the first"),
                Column.number("Size", "kB", 1, Basis.MEASURED, "of all its files that are there, 1 kB = 1000 bytes"),
                Column.text("Why not", Basis.RECORDED, FIELD + "reason"),
                Column.text("Remedy", Basis.RECORDED, FIELD + "remedy"));
        for (Profile p : profiles) {
            List<Path> there = p.files().stream().flatMap(name -> within(run, name).stream()).toList();
            table.row(p.layer(), kind(p.kind()), by(p), state(p, there), files(p),
                    there.isEmpty() ? Cell.NONE : kilobytes(there), text(p.reason()), text(p.remedy()));
        }
        return table.build();
    }

    private static String by(Profile profile) {
        return profile.tool().map(tool -> tool + profile.version().map(v -> " " + v).orElse(""))
                .orElse("MoE Lab");
    }

    private static String state(Profile profile, List<Path> there) {
        int missing = profile.files().size() - there.size();
        return label(profile.state()) + (missing == 0 ? "" : ", " + missing + " missing");
    }

    /// The words for what became of a profile.
    static String label(ProfileState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Object files(Profile profile) {
        return profile.files().isEmpty()
                ? Cell.NONE
                : profile.files().getFirst()
                        + (profile.files().size() == 1 ? "" : " and " + (profile.files().size() - 1) + " more");
    }

    private static Object kilobytes(List<Path> files) {
        double bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.size(file);
            } catch (IOException _) {
                return new Cell.Absent("not known");
            }
        }
        return bytes / 1e3;
    }

    private static Object text(Optional<String> text) {
        return text.<Object>map(t -> t).orElse(Cell.NONE);
    }

    private static void details(List<Profile> profiles, List<Block> blocks) {
        List<Line> files = profiles.stream().filter(p -> p.files().size() > 1)
                .map(p -> new Line(StoredRun.layerName(p.layer()) + ", " + kind(p.kind()),
                        String.join(", ", p.files())))
                .toList();
        if (!files.isEmpty()) {
            blocks.add(new Fold("All files of profiles that left several", List.of(new Lines(files))));
        }
        List<String> commands = profiles.stream().filter(p -> !p.command().isEmpty())
                .map(p -> String.join(" ", p.command())).distinct().toList();
        if (!commands.isEmpty()) {
            blocks.add(new Fold("How the profilers were started",
                    List.of(new Code(String.join("\n", commands)))));
        }
    }

    /// Of each kind, the profile that was recorded last: that of the highest layer.
    private static List<Profile> highest(List<Profile> profiles) {
        List<Profile> done = profiles.stream().filter(p -> p.state() == ProfileState.DONE).toList().reversed();
        return done.stream().map(Profile::kind).distinct()
                .map(kind -> done.stream().filter(p -> p.kind().equals(kind)).findFirst().orElseThrow()).toList()
                .reversed();
    }

    /// The file of a profile whose kernels can be told here, that which needs no other program first.
    private static Optional<Path> recording(StoredRun run, Profile profile) {
        return Stream.of(".sqlite", ".sqlite.gz", ".ncu-rep", ".ncu-repz", ".ncu-rep.gz")
                .flatMap(ending -> profile.files().stream().filter(f -> f.endsWith(ending)))
                .flatMap(name -> within(run, name).stream()).findFirst();
    }

    /// A file that a profile names, where it is within the run directory: a report that was edited leads nowhere else.
    private static Optional<Path> within(StoredRun run, String name) {
        Path folder = run.folder().toAbsolutePath().normalize();
        Path file = folder.resolve(name).normalize();
        return file.startsWith(folder) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    private static List<Path> strays(StoredRun run, List<Profile> profiles) {
        List<String> known = profiles.stream().flatMap(p -> p.files().stream()).toList();
        try {
            return Artefacts.list(run.folder()).stream()
                    .filter(f -> f.getFileName().toString().matches(".*\\.ncu-rep(z|\\.gz)?"))
                    .filter(f -> !known.contains(f.getFileName().toString())).toList();
        } catch (IOException _) {
            return List.of();
        }
    }
}
