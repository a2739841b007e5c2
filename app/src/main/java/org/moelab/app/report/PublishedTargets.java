package org.moelab.app.report;

import java.util.List;
import java.util.Optional;

import org.moelab.app.expectation.Target;
import org.moelab.app.expectation.TargetStanding;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.gpu.bench.RunReport;

/// What others published of the run's model, apart from all that was measured. Absent where nothing is known.
final class PublishedTargets implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        RunReport run = subject.run().report();
        List<TargetStanding> standings = TargetStanding.of(run);
        return standings.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section("targets", "Published by others, not measured",
                        List.of(new Note(true, "Nothing under Published was measured here, nor in this way. A ratio is"
                                + " stated only where the run's GPU is the one that a figure is for."),
                                table(run, standings))));
    }

    private static Table table(RunReport run, List<TargetStanding> standings) {
        Table.Builder table = Table.of("targets-table", "Figures of others, those for this GPU first",
                Column.text("GPU", Basis.RECORDED, "for which it was published"),
                Column.text("What", Basis.RECORDED, "what the figures are of"),
                Column.text("Published", Basis.RECORDED, "by others, not measured here"),
                Column.number("This run", "", 2, Basis.MEASURED, "what the next column says"),
                Column.text("Of", Basis.RECORDED, "what this run's figure is"),
                Column.number("Ratio", "×", 3, Basis.COMPUTED,
                        "this run over the lower bound of what was published, on the same GPU only"),
                Column.text("Remark", Basis.RECORDED, "why there is a ratio, or none"),
                Column.text("Source", Basis.RECORDED, "where the published figures are from"));
        for (TargetStanding s : standings) {
            Target target = s.target();
            table.row(target.gpu(), target.subject(), target.figures(), s.own(), s.ownAbout(),
                    s.ratio().<Object>map(r -> r).orElse(Cell.NONE), s.remark(run), target.source());
        }
        return table.build();
    }
}
