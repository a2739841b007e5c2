package org.moelab.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.report.LayerProfiles.Recorded;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Code;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.traces.model.Unit;

/// What profilers recorded of single layers, by which tool, and why they did not; the kernels of the highest layer that each
/// kind of profile is of. Absent where no profiler was asked for and none of their files lies in the directory.
final class Profiles implements Part {
    private static final String FIELD = "run.json, profiles[].";
    /// Reports of Nsight Compute that no run asked for: more of them are left to the window.
    private static final int MOST_STRAYS = 3;
    /// More profiles are told layer by kind, and each of them on demand.
    private static final int MOST_ROWS = 8;

    @Override
    public Optional<Section> of(Subject subject) {
        List<Profile> profiles = subject.run().report().profiles().orElse(List.of());
        List<Path> strays = strays(subject.run(), profiles);
        List<Block> blocks = new ArrayList<>();
        if (!profiles.isEmpty()) {
            if (profiles.size() > MOST_ROWS) {
                blocks.add(overview(subject.run(), profiles));
                reasons(profiles, blocks);
                blocks.add(new Fold("Each of the " + profiles.size() + " profiles: tool, files, size",
                        List.of(table(subject.run(), profiles))));
            } else {
                blocks.add(table(subject.run(), profiles));
            }
            details(profiles, blocks);
        }
        for (String kind : profiles.stream().map(Profile::kind).distinct().toList()) {
            List<Recorded> recorded = profiles.stream()
                    .filter(p -> p.kind().equals(kind) && p.state() == ProfileState.DONE)
                    .flatMap(p -> recording(subject.run(), p).map(file -> new Recorded(p, file)).stream()).toList();
            if (!recorded.isEmpty()) {
                blocks.addAll(new LayerProfiles(subject, kind).blocks(recorded));
            }
        }
        if (!strays.isEmpty()) {
            blocks.add(new Heading(strays.size() == 1 ? "A report beside the run" : "Reports beside the run"));
            blocks.add(new Paragraph("run.json tells of " + (profiles.isEmpty() ? "no profiles" : "no such profiles")
                    + "; the directory holds reports of Nsight Compute that were put there: of which run, layer and step"
                    + " they are, they do not tell."));
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

    /// Layer by kind, so that what is missing is seen at a glance.
    private static Table overview(StoredRun run, List<Profile> profiles) {
        List<String> kinds = profiles.stream().map(Profile::kind).distinct().toList();
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("Layer", Basis.RECORDED, FIELD + "layer"));
        kinds.forEach(kind -> columns.add(Column.text(kind(kind), Basis.RECORDED,
                FIELD + "state of kind " + kind + "; where done, the size of its files")));
        Table.Builder table = Table.of("profiles-overview",
                "What was recorded of each layer, with the size of its files",
                columns.toArray(Column[]::new));
        for (String layer : profiles.stream().map(Profile::layer).distinct().toList()) {
            List<Object> row = new ArrayList<>(List.of(layer));
            kinds.forEach(kind -> row.add(profiles.stream()
                    .filter(p -> p.layer().equals(layer) && p.kind().equals(kind)).findFirst()
                    .<Object>map(p -> outcome(run, p)).orElse(Cell.NONE)));
            table.row(row.toArray());
        }
        return table.build();
    }

    private static String outcome(StoredRun run, Profile profile) {
        List<Path> there = profile.files().stream().flatMap(name -> within(run, name).stream()).toList();
        return profile.state() != ProfileState.DONE || there.size() < profile.files().size()
                ? state(profile, there)
                : kilobytes(there) instanceof Double kb ? Unit.BYTES.format(kb * 1e3) : "done";
    }

    /// Why profiles are missing, those of one reason together.
    private static void reasons(List<Profile> profiles, List<Block> blocks) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (Profile p : profiles) {
            p.reason()
                    .ifPresent(reason -> reasons.computeIfAbsent(kind(p.kind()) + " " + label(p.state()) + ": " + reason
                            + p.remedy().map(r -> "; " + r).orElse(""), _ -> new ArrayList<>()).add(p.layer()));
        }
        reasons.forEach((reason, layers) -> blocks
                .add(new Note(false, Words.capital(reason) + " (" + String.join(", ", layers) + ").")));
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
        // of many, the files of the run name each
        boolean many = profiles.size() > MOST_ROWS;
        if (!files.isEmpty() && !many) {
            blocks.add(new Fold("All files of profiles that left several", List.of(new Lines(files))));
        }
        String highest = profiles.getLast().layer();
        List<String> commands = profiles.stream()
                .filter(p -> !p.command().isEmpty() && (!many || p.layer().equals(highest)))
                .map(p -> String.join(" ", p.command())).distinct().toList();
        if (!commands.isEmpty()) {
            blocks.add(new Fold("How the profilers were started"
                    + (many ? " for " + StoredRun.layerName(highest) + ", as for the others" : ""),
                    List.of(new Code(String.join("\n", commands)))));
        }
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
