package org.moelab.app.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.ProfiledKernels.Content;
import org.moelab.app.report.ProfiledKernels.Sums;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Table;
import org.moelab.app.roofline.RooflineFigure;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunSession;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.ProfiledWork;
import org.moelab.traces.roofline.Roofline;

/// The recordings of one kind, layer beside layer: all of them in a line each, the kernels of the highest in full, those of
/// the others on demand.
final class LayerProfiles {
    private final Subject subject;
    private final String kind;

    /// @param kind as run.json has it: `deep_dive`
    LayerProfiles(Subject subject, String kind) {
        this.subject = subject;
        this.kind = kind;
    }

    /// A profile and the file of it whose kernels are told.
    record Recorded(Profile profile, Path file) {}

    private record Read(Profile profile, String name, Content content) {}

    /// What is told of them.
    ///
    /// @param recorded from the lowest layer up, at least one
    List<Block> blocks(List<Recorded> recorded) {
        List<Read> all = new ArrayList<>();
        for (Recorded one : recorded) {
            subject.monitor().checkCancelled();
            boolean top = one.equals(recorded.getLast());
            String name = one.file().getFileName().toString();
            all.add(new Read(one.profile(), name, ProfiledKernels.read(one.file(), id(one.profile(), top), name,
                    subject.monitor(), top && kind.equals("roofline") && subject.draws())));
        }
        Read top = all.getLast();
        List<Block> blocks = new ArrayList<>();
        if (all.size() == 1) {
            blocks.add(new Heading(Words.begin(top.profile.layer()) + ", " + label()));
        } else {
            blocks.add(new Heading("Each layer, " + label()));
            table(all).ifPresent(blocks::add);
            blocks.add(new Heading(Words.begin(top.profile.layer()) + ", " + label()));
        }
        top.content.work().flatMap(work -> chart(top, work)).ifPresent(blocks::add);
        blocks.addAll(top.content.blocks());
        all.subList(0, all.size() - 1).reversed().forEach(
                read -> blocks.add(new Fold(Words.begin(read.profile.layer()) + ", " + label() + ": its kernels",
                        read.content.blocks())));
        return blocks;
    }

    private String label() {
        return kind.replace('_', ' ');
    }

    private String id(Profile profile, boolean top) {
        String id = "profile-" + kind.replace('_', '-');
        return top ? id : id + "-" + RunSession.fileOf(profile.layer(), "").replaceAll("[^A-Za-z0-9-]", "-");
    }

    private Optional<Block> table(List<Read> all) {
        List<Read> told = all.stream().filter(r -> r.content.sums().isPresent()).toList();
        if (told.isEmpty()) {
            return Optional.empty();
        }
        boolean counters = told.stream().anyMatch(r -> r.content.sums().orElseThrow().counters());
        List<Column> columns = new ArrayList<>(List.of(
                Column.text("Layer", Basis.RECORDED, "run.json, profiles[].layer"),
                Column.number("Kernels", "", 0, Basis.MEASURED, "of different names"),
                Column.number("Launches", "", 0, Basis.MEASURED, "that were recorded"),
                Column.number("Time", "µs", 1, Basis.MEASURED, "sum of their durations, as the profiler has them"),
                Column.text("Longest kernel", Basis.MEASURED, "by the sum of its durations"),
                Column.number("Its share", "%", 1, Basis.COMPUTED, "of all recorded time")));
        if (counters) {
            String mean = " of their peak, mean over the launches by duration";
            columns.add(Column.number("Compute", "%", 1, Basis.COMPUTED, "multiprocessors" + mean));
            columns.add(Column.number("Memory", "%", 1, Basis.COMPUTED, "memory pipes" + mean));
            columns.add(Column.number("DRAM", "%", 1, Basis.COMPUTED, "device memory" + mean));
        }
        Table.Builder table = Table.of("profile-" + kind.replace('_', '-') + "-layers",
                "Layer beside layer, as recorded" + (counters
                        ? "; by Nsight Compute of the model's first layers only, so that times are no speeds of the run"
                        : " under the profiler, which slows the host"),
                columns.toArray(Column[]::new));
        for (Read read : told) {
            Sums sums = read.content.sums().orElseThrow();
            List<Object> row = new ArrayList<>(List.of(read.profile.layer(), sums.kernels(), sums.launches(),
                    sums.ns() / 1e3, sums.longest(), sums.longestShare() * 100));
            if (counters) {
                row.addAll(List.of(sums.compute(), sums.memory(), sums.dram()));
            }
            table.row(row.toArray());
        }
        return Optional.of(table.build());
    }

    private static Optional<Block> chart(Read top, ProfiledWork work) {
        Roofline roofline = Roofline.of(KernelWork.byName(work.work()), work.ceilings(), work.missing());
        if (roofline.points().isEmpty()) {
            return Optional.empty();
        }
        String layer = StoredRun.layerName(top.profile.layer());
        return Optional.of(new Chart("profile-roofline-chart",
                "Kernels of " + layer + " under the roofs that Nsight Compute tells; bytes, operations and times by its"
                        + " counters, launches of a kernel together",
                roofline.points().size() + " kernels of " + layer
                        + " by counters; their figures are in the table below",
                new RooflineFigure("Roofline of " + top.name + ", by counters", roofline, RooflineFigure.USUAL_LABELS,
                        Optional.empty(), Optional.empty())));
    }
}
