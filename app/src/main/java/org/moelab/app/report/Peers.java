package org.moelab.app.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.peers.Beside;
import org.moelab.app.peers.OwnResult;
import org.moelab.app.peers.PeerFiles;
import org.moelab.app.peers.PeerResult;
import org.moelab.app.peers.PeerSetup;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;

/// What benchmarks of other engines measured, beside the highest layer where both are alike. Absent where the run has none.
final class Peers implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        PeerFiles.Contents contents;
        try {
            contents = PeerFiles.ofRun(subject.run().folder());
        } catch (IOException _) {
            return section(List.of(new Note(true, "The folder " + PeerFiles.FOLDER + " cannot be read.")));
        }
        if (contents.results().isEmpty() && contents.warnings().isEmpty()) {
            return Optional.empty();
        }
        OwnResult own = OwnResult.of(subject.run(), subject.run().top());
        List<Beside> rows = contents.results().stream().flatMap(r -> Beside.of(r, own).stream()).toList();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("Results of other engines in the folder " + PeerFiles.FOLDER + ", beside " + own.name()
                + ": batch " + own.batch() + ", prompt " + own.prompt() + ", " + own.generated()
                + " new tokens, experts in " + own.experts()
                + ". A ratio is stated only where model, GPU, batch, lengths"
                + " and precision are told and match."));
        String folder = subject.run().folder() + "/";
        contents.warnings().forEach(w -> blocks.add(new Note(true, "Not read: " + w.replace(folder, "") + ".")));
        add(rows, blocks);
        if (!contents.results().isEmpty()) {
            blocks.add(setups(contents.results()));
        }
        return section(blocks);
    }

    private static Optional<Section> section(List<Block> blocks) {
        return Optional.of(new Section("peers", "Other engines", blocks));
    }

    /// Like with like in sight, all else on demand.
    private static void add(List<Beside> rows, List<Block> blocks) {
        List<Beside> alike = rows.stream().filter(r -> r.ratio().isPresent()).toList();
        List<Beside> unlike = rows.stream().filter(r -> r.ratio().isEmpty()).toList();
        blocks.add(alike.isEmpty()
                ? new Paragraph("None of their results is known to be of the same work on the same GPU.")
                : table("peers-beside", "Figures of the same work on the same GPU", alike));
        if (!unlike.isEmpty()) {
            blocks.add(new Fold("Figures that are not alike, or not known to be (" + unlike.size() + ")",
                    List.of(table("peers-unlike", "Figures that both have, without a ratio", unlike))));
        }
    }

    private static Table table(String id, String caption, List<Beside> rows) {
        boolean alike = rows.stream().allMatch(r -> r.ratio().isPresent());
        Table.Builder table = Table.of(id, caption,
                Column.text("Tool", Basis.RECORDED, "the benchmark"),
                Column.text("Figure", Basis.RECORDED, "what both figures are of"),
                Column.text("Unit", Basis.RECORDED, "of both"),
                Column.number("Theirs", "", 2, Basis.RECORDED,
                        "measured by their benchmark, as its file states it; the median where it does, else the mean"),
                Column.number("Ours", "", 2, Basis.MEASURED, "run.json, the highest layer"),
                alike
                        ? Column.number("Ratio", "×", 3, Basis.COMPUTED, "how often as fast ours is")
                        : Column.text("Differs", Basis.COMPUTED, "what is not alike, or not told: there is no ratio"),
                Column.text("Remark", Basis.RECORDED, "what else a reader should know of the two"),
                Column.code("File", Basis.RECORDED, "its name in the folder " + PeerFiles.FOLDER));
        for (Beside row : rows) {
            table.row(row.peer().tool(), row.measure(), row.unit(), row.theirs(), row.ours(),
                    row.ratio().<Object>map(r -> r).orElseGet(() -> String.join("; ", row.differs())),
                    row.remarks().isEmpty() ? Cell.NONE : String.join("; ", row.remarks()), row.peer().source());
        }
        return table.build();
    }

    private static Table setups(List<PeerResult> results) {
        String stated = "as the file states it";
        Table.Builder table = Table.of("peers-setups", "What they measured",
                Column.text("Tool", Basis.RECORDED, "the benchmark, and its engine's version"),
                Column.text("Model", Basis.RECORDED, stated), Column.text("GPU", Basis.RECORDED, stated),
                Column.text("Precision", Basis.RECORDED, "of the weights, " + stated),
                Column.text("Batch", Basis.RECORDED, "sequences at once; of a server, requests in flight at most"),
                Column.number("Prompt", "tokens", 0, Basis.RECORDED, stated),
                Column.number("Context", "tokens", 0, Basis.RECORDED, "held before the first new one"),
                Column.number("New", "tokens", 0, Basis.RECORDED, stated),
                Column.text("Remark", Basis.RECORDED, "what else a reader should know"),
                Column.code("File", Basis.RECORDED, "its name in the folder " + PeerFiles.FOLDER));
        for (PeerResult r : results) {
            PeerSetup s = r.setup();
            table.row(Stream.concat(Stream.of(r.tool()), r.version().stream()).reduce((a, b) -> a + " " + b).orElse(""),
                    told(s.model()), told(s.gpu()), told(s.precision()),
                    told(s.sequences().map(n -> s.concurrent() ? "≤ " + n : Integer.toString(n))), told(s.prompt()),
                    told(s.context()), told(s.generated()),
                    r.notes().isEmpty() ? Cell.NONE : String.join("; ", r.notes()), r.source());
        }
        return table.build();
    }

    private static Object told(Optional<?> value) {
        return value.isPresent() ? value.get() : new Cell.Absent("not told");
    }
}
