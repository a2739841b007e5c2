package org.moelab.app.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.moelab.app.export.Figure;
import org.moelab.app.task.LatestTask;
import org.moelab.traces.model.LineTable.Line;
import org.moelab.traces.model.Unit;
import org.moelab.traces.ncu.KernelCode;
import org.moelab.traces.ncu.KernelCode.Instruction;
import org.moelab.traces.ncu.SourceHeat;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

/// The code of the profiled kernel that is looked at, by instruction or by source line, with what was sampled and counted at
/// each. Read off the JavaFX thread, and only once it is asked for. For the JavaFX thread; usable without a toolkit.
public final class CodeViewModel {
    private final ProfileViewModel profile;
    private final LatestTask<Code> task;
    private final ObjectProperty<CodePart> part = new SimpleObjectProperty<>(this, "part", CodePart.FIGURES);
    private final ReadOnlyObjectWrapper<List<String>> files = new ReadOnlyObjectWrapper<>(this, "files", List.of());
    private final ObjectProperty<Optional<String>> file = new SimpleObjectProperty<>(this, "file", Optional.empty());
    private final ReadOnlyObjectWrapper<List<CodeRow>> rows = new ReadOnlyObjectWrapper<>(this, "rows", List.of());
    private final ReadOnlyObjectWrapper<String> caption = new ReadOnlyObjectWrapper<>(this, "caption", "");
    private Optional<Code> code = Optional.empty();
    private Optional<ProfileViewModel.Profiled> read = Optional.empty();

    /// A kernel's code as it was read.
    private record Code(Optional<KernelCode> kernel, Optional<SourceHeat> heat,
            Map<String, Optional<SourceTexts.Text>> texts) {}

    /// Follows the kernel of another model.
    ///
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of failures
    public CodeViewModel(ProfileViewModel profile, Executor fxThread, Consumer<? super Throwable> failed) {
        this.profile = profile;
        this.task = new LatestTask<>(fxThread, failed);
        profile.profiledProperty().subscribe(_ -> follow());
        part.subscribe(_ -> follow());
        file.subscribe(_ -> show());
    }

    private void follow() {
        if (part.get() == CodePart.FIGURES) {
            return;
        }
        Optional<ProfileViewModel.Profiled> now = profile.profiledProperty().getValue();
        if (now.equals(read)) {
            show();
            return;
        }
        read = now;
        code = Optional.empty();
        show();
        now.ifPresentOrElse(p -> {
            caption.set("reading the code …");
            task.start("Reading the kernel's code", _ -> read(p), this::took);
        }, task::cancel);
    }

    private static Code read(ProfileViewModel.Profiled profiled) {
        Optional<KernelCode> kernel = KernelCode.of(profiled.report(), profiled.kernel());
        Optional<SourceHeat> heat = kernel.map(SourceHeat::of);
        Map<String, Optional<SourceTexts.Text>> texts = new LinkedHashMap<>();
        SourceTexts sources = SourceTexts.load();
        heat.ifPresent(h -> h.files().forEach(f -> texts.put(f.path(), sources.find(f, kernel.get().files()))));
        return new Code(kernel, heat, texts);
    }

    private void took(Code now) {
        code = Optional.of(now);
        files.set(now.heat().map(h -> h.files().stream().map(SourceHeat.File::path).toList()).orElse(List.of()));
        Optional<String> shown = file.get().filter(files.get()::contains);
        file.set(shown.isPresent() ? shown : files.get().stream().findFirst());
        show();
    }

    private void show() {
        Optional<KernelCode> kernel = code.flatMap(Code::kernel);
        rows.set(kernel.map(k -> part.get() == CodePart.SOURCE ? lines(k) : instructions(k)).orElse(List.of()));
        caption.set(code.isEmpty()
                ? ""
                : kernel.map(k -> part.get() == CodePart.SOURCE ? linesCaption(k) : instructionsCaption(k))
                        .orElse("this kernel was not profiled by instruction; collect it with: "
                                + "ncu --section SourceCounters --import-source yes"));
    }

    private static List<CodeRow> instructions(KernelCode kernel) {
        return kernel.instructions().stream().map(i -> CodeRow.of(i, kernel.shareOf(i.samples()))).toList();
    }

    private Optional<SourceHeat.File> shownFile() {
        return code.flatMap(Code::heat).stream().flatMap(h -> h.files().stream())
                .filter(f -> file.get().filter(f.path()::equals).isPresent()).findFirst();
    }

    private List<CodeRow> lines(KernelCode kernel) {
        Optional<SourceHeat.File> of = shownFile();
        if (of.isEmpty()) {
            return List.of();
        }
        SourceHeat.File shown = of.get();
        List<String> text = code.orElseThrow().texts().getOrDefault(shown.path(), Optional.empty())
                .map(SourceTexts.Text::lines).orElse(List.of());
        SourceHeat.Heat nothing = SourceHeat.Heat.NOTHING;
        List<Integer> numbers = text.isEmpty()
                ? List.copyOf(shown.lines().keySet())
                : IntStream.rangeClosed(1, Math.max(text.size(), shown.lines().lastKey())).boxed().toList();
        return numbers.stream().map(n -> {
            SourceHeat.Heat heat = shown.lines().getOrDefault(n, nothing);
            return CodeRow.of(new Line(shown.path(), n, shown.bytes()), n <= text.size() ? text.get(n - 1) : "", heat,
                    kernel.shareOf(heat.samples()));
        }).toList();
    }

    private static String instructionsCaption(KernelCode kernel) {
        List<Instruction> all = kernel.instructions();
        List<String> parts = new ArrayList<>(List.of(Unit.counted(all.size(), "instruction")));
        kernel.totals().samples().ifPresent(total -> parts.add(sum("samples",
                all.stream().mapToLong(Instruction::samples).sum(), total)));
        kernel.totals().executed().ifPresent(total -> parts.add(sum(KernelCode.EXECUTED,
                all.stream().mapToLong(Instruction::executed).sum(), total)));
        parts.add(kernel.text());
        return String.join(" · ", parts);
    }

    /// A sum beside the kernel's own metric, which it should be.
    private static String sum(String what, long sum, long metric) {
        return String.format(Locale.ROOT, "%,d %s", sum, what)
                + (sum == metric
                        ? ", as the kernel's metric"
                        : String.format(Locale.ROOT, ", the metric: %,d", metric));
    }

    private String linesCaption(KernelCode kernel) {
        if (!kernel.hasLines() || files.get().isEmpty()) {
            return "the kernel's code does not tell source lines; compile it with -lineinfo";
        }
        Optional<SourceHeat.File> shown = shownFile();
        String samples = shown.map(f -> String.format(Locale.ROOT, "%,d of %,d samples in this file", f.samples(),
                kernel.totals().samples().orElse(0))).orElse("");
        String origin = shown.flatMap(f -> code.orElseThrow().texts().getOrDefault(f.path(), Optional.empty()))
                .map(SourceTexts.Text::origin)
                .orElse("its text is not in the report; collect it with --import-source yes");
        return samples + " · " + origin;
    }

    /// Which of the kernel's faces is shown.
    ObjectProperty<CodePart> partProperty() {
        return part;
    }

    /// The kernel's source files, those with most samples first.
    ReadOnlyObjectProperty<List<String>> filesProperty() {
        return files.getReadOnlyProperty();
    }

    /// The source file that is shown.
    ObjectProperty<Optional<String>> fileProperty() {
        return file;
    }

    /// The instructions or lines in their order.
    ReadOnlyObjectProperty<List<CodeRow>> rowsProperty() {
        return rows.getReadOnlyProperty();
    }

    /// What the rows are, what they sum to, and where their text is from; or why there are none.
    ReadOnlyObjectProperty<String> captionProperty() {
        return caption.getReadOnlyProperty();
    }

    /// The kernel that the rows are of.
    ProfileViewModel profile() {
        return profile;
    }

    /// Turns to the next of figures, instructions and lines.
    void turn() {
        CodePart[] parts = CodePart.values();
        part.set(parts[(part.get().ordinal() + 1) % parts.length]);
    }

    /// The next row in order of samples, the hottest where none is selected or all were seen.
    ///
    /// @param from the selected row, -1 where none is
    /// @param step 1 to the next cooler, -1 to the next hotter
    OptionalInt hottest(int from, int step) {
        List<Integer> byHeat = IntStream.range(0, rows.get().size()).boxed()
                .filter(i -> rows.get().get(i).samples() > 0)
                .sorted(Comparator.comparingLong((Integer i) -> -rows.get().get(i).samples())).toList();
        if (byHeat.isEmpty()) {
            return OptionalInt.empty();
        }
        int at = byHeat.indexOf(from);
        return OptionalInt.of(byHeat.get(at < 0 ? 0 : Math.floorMod(at + step, byHeat.size())));
    }

    /// The next row whose text, place or source line holds a text, around the end.
    OptionalInt find(String text, int from, int step) {
        String wanted = text.toLowerCase(Locale.ROOT).strip();
        int count = rows.get().size();
        for (int i = 1; i <= count && !wanted.isEmpty(); i++) {
            int at = Math.floorMod(from + step * i, count);
            CodeRow row = rows.get().get(at);
            if ((row.place() + " " + row.text() + " " + row.lineLabel()).toLowerCase(Locale.ROOT).contains(wanted)) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    /// Goes from an instruction to its source line, and from a line to the hottest of its instructions.
    ///
    /// @return the row to select, where there is one
    OptionalInt cross(int row) {
        Optional<Line> line = row >= 0 && row < rows.get().size() ? rows.get().get(row).line() : Optional.empty();
        if (line.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean toSource = part.get() == CodePart.SASS;
        if (toSource) {
            file.set(Optional.of(line.get().path()));
        }
        part.set(toSource ? CodePart.SOURCE : CodePart.SASS);
        return IntStream.range(0, rows.get().size()).filter(i -> rows.get().get(i).line().equals(line)).boxed()
                .max(Comparator.comparingLong(i -> rows.get().get(i).samples())).map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /// The hottest rows as a picture; empty while figures are shown, and where there are no rows.
    public Optional<? extends Figure> figure() {
        if (part.get() == CodePart.FIGURES || rows.get().isEmpty()) {
            return Optional.empty();
        }
        String kernel = profile.profileProperty().getValue().map(KernelProfile::label).orElse("");
        String path = part.get() == CodePart.SOURCE ? file.get().orElse("") : "";
        return Optional.of(CodeFigure.of(kernel, part.get(), path.substring(path.lastIndexOf('/') + 1), rows.get(),
                caption.get()));
    }

    /// A word for the names of files of what is shown.
    public String name() {
        return "kernel-" + part.get().title().toLowerCase(Locale.ROOT);
    }

    /// What is shown, as people call it.
    public String title() {
        return "Kernel: " + part.get().title();
    }

    /// What is shown as a table; empty while figures are.
    public Optional<ReportTable> table() {
        if (part.get() == CodePart.FIGURES || rows.get().isEmpty()) {
            return Optional.empty();
        }
        ReportTable.Builder table = ReportTable.builder(Column.text("Place", "offset in hexadecimal, or line"),
                Column.whole("Samples", Unit.COUNT, "samples of the program counter"),
                Column.real("Share (%)", Unit.PERCENT, "of the kernel's samples", 3),
                Column.whole("Executed", Unit.COUNT, "times that warps issued it"),
                Column.whole("Threads", Unit.COUNT, "times that threads ran it"),
                Column.whole("Instructions", Unit.COUNT, "how many it stands for"),
                Column.text("Waits", "what sampled warps waited for most, issuing included"),
                Column.text("Text", "the instruction or the line"), Column.text("Source", "file and line"),
                Column.text("Note", "what a rule of Nsight Compute says of it"));
        rows.get().forEach(r -> table.row(r.place(), r.samples(), Cell.of(r.share() * 100), r.executed(), r.threads(),
                r.instructions(), r.mostly(), r.text(), r.line().map(l -> l.path() + ":" + l.line()).orElse(""),
                r.note()));
        return Optional.of(table.build());
    }
}
