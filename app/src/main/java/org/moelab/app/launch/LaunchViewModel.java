package org.moelab.app.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.moelab.app.launch.FormCheck.Field;
import org.moelab.app.launch.Part.Stage;
import org.moelab.app.launch.RunForm.Numbers;
import org.moelab.app.launch.RunForm.Verb;
import org.moelab.app.run.Proposal;
import org.moelab.app.run.StoredRun;
import org.moelab.app.task.LatestTask;
import org.moelab.gpu.technique.Catalogue;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// What is to run, and the run that goes on: one at a time, in a process of its own. For the JavaFX thread; usable without a
/// toolkit.
public final class LaunchViewModel {
    private static final int MOST_LINES = 2000;
    /// Fewer pairs give wide intervals.
    private static final int FEWEST_PAIRS = 5;
    private static final String NOTHING_YET = "nothing has been started";

    private final Setting setting;
    private final Consumer<Result> results;
    private final ReadOnlyObjectWrapper<RunForm> form;
    private final ReadOnlyObjectWrapper<Machine> machine = new ReadOnlyObjectWrapper<>(this, "machine", Machine.ASKED);
    private final ReadOnlyObjectWrapper<ModelSizes> sizes;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running", false);
    private final ReadOnlyStringWrapper state = new ReadOnlyStringWrapper(this, "state", NOTHING_YET);
    private final ObservableList<Part> parts = FXCollections.observableArrayList();
    private final ObservableList<String> log = FXCollections.observableArrayList();
    private final ObjectBinding<FormCheck> check;
    private final ObjectBinding<Map<Field, String>> problems;
    private final BooleanBinding startable;
    private final LatestTask<ModelSizes> reading;
    private final LatestTask<Machine> asking;
    private Optional<Current> current = Optional.empty();
    private String namedFolder;
    private boolean machineAsked;

    /// What the model needs of its surroundings.
    ///
    /// @param catalogue the layers and techniques
    /// @param program what is started
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param clockNs a clock that never goes back
    /// @param folders names a folder that is not there yet
    public record Setting(Catalogue catalogue, Program program, Executor fxThread, LongSupplier clockNs,
            Supplier<String> folders) {}

    /// What a run has kept so far.
    ///
    /// @param folder where
    /// @param ablation whether techniques were tried, rather than layers run
    public record Result(Path folder, boolean ablation) {}

    /// @param results hears of what there is to be seen, after each part and once more in the end
    public LaunchViewModel(Setting setting, Consumer<Result> results) {
        this.setting = setting;
        this.results = results;
        namedFolder = setting.folders().get();
        form = new ReadOnlyObjectWrapper<>(this, "form", RunForm.first(setting.catalogue(), namedFolder));
        sizes = new ReadOnlyObjectWrapper<>(this, "sizes", ModelSizes.of(form.get().model()));
        reading = new LatestTask<>(setting.fxThread(), failure -> say(String.valueOf(failure.getMessage())));
        asking = new LatestTask<>(setting.fxThread(),
                failure -> machine.set(Machine.unknown(String.valueOf(failure.getMessage()))));
        check = Bindings.createObjectBinding(
                () -> new FormCheck(form.get(), setting.catalogue(), machine.get(), sizes.get()), form, machine, sizes);
        problems = Bindings.createObjectBinding(() -> check.get().problems(), check);
        startable = Bindings.createBooleanBinding(() -> !running.get() && problems.get().isEmpty(), running, problems);
    }

    /// Asks the machine what it has, once: what shows the form calls this.
    public void ask() {
        if (!machineAsked) {
            machineAsked = true;
            asking.start("Looking for a GPU", _ -> setting.program().ask(), machine::set);
        }
    }

    /// Changes what is asked for.
    void change(UnaryOperator<RunForm> change) {
        RunForm before = form.get();
        RunForm now = change.apply(before);
        if (!now.model().strip().equals(before.model().strip())) {
            String model = now.model().strip();
            if (RunForm.MODELS.contains(model) || model.isEmpty()) {
                reading.cancel();
                sizes.set(ModelSizes.of(model));
            } else {
                sizes.set(ModelSizes.READING);
                reading.start("Reading " + model, _ -> ModelSizes.of(model), sizes::set);
            }
        }
        form.set(now);
    }

    /// Switches between running layers and trying techniques. Starts from no layer and no technique where it tries techniques.
    void choose(Verb verb) {
        if (verb != form.get().verb()) {
            RunForm fresh = RunForm.first(setting.catalogue(), form.get().folder());
            change(f -> f.withVerb(verb).withChanged(Set.of())
                    .withLayers(verb == Verb.RUN ? fresh.layers() : Set.of()));
        }
    }

    /// Switches a layer.
    void toggleLayer(String id) {
        change(f -> f.withLayers(toggled(f.layers(), id)));
    }

    /// Switches a technique.
    void toggleTechnique(String id) {
        change(f -> f.withChanged(toggled(f.changed(), id)));
    }

    private static Set<String> toggled(Set<String> before, String id) {
        Set<String> now = new HashSet<>(before);
        if (!now.remove(id)) {
            now.add(id);
        }
        return now;
    }

    /// Fills in what would show what a layer of a run is worth with other techniques: one technique is tried in turns with
    /// itself, several make a run of their own. Model and lengths are those of the run.
    public void fill(Proposal proposal, StoredRun of) {
        var was = of.report().asked();
        boolean one = proposal.changed().size() == 1;
        int repeats = one ? Math.max(FEWEST_PAIRS, was.repeats()) : was.repeats();
        change(f -> new RunForm(one ? Verb.ABLATE : Verb.RUN, was.model(), one ? "auto" : was.device(),
                new Numbers(Integer.toString(was.batch()), Integer.toString(was.prompt()),
                        Integer.toString(was.generate()), Integer.toString(repeats)),
                Set.of(proposal.layer()), proposal.changed(), "auto", f.folder()));
    }

    /// Starts what is asked for, unless something is wrong with it or a run goes on.
    public void start() {
        if (!startable.get()) {
            return;
        }
        RunForm asked = form.get();
        List<String> arguments = asked.arguments(setting.catalogue());
        log.setAll("$ " + asked.commandLine(setting.catalogue()));
        parts.setAll(asked.parts(setting.catalogue()).stream().map(Part::waiting).toList());
        Current run = new Current(asked);
        try {
            run.process = Optional.of(RunProcess.start(setting.program(), arguments, setting.fxThread(), run));
        } catch (IOException e) {
            state.set("failed: no process could be started: " + e.getMessage());
            endParts("not started");
            return;
        }
        current = Optional.of(run);
        running.set(true);
        state.set("starting");
    }

    /// Ends the run; what it has measured stays in its folder. What it still tells is dropped.
    public void cancel() {
        current.ifPresent(run -> {
            run.cancelled = true;
            state.set("ending");
            run.process.ifPresent(RunProcess::cancel);
        });
    }

    private void say(String line) {
        if (log.size() >= MOST_LINES) {
            log.removeFirst();
        }
        log.add(line);
    }

    private void endParts(String why) {
        parts.replaceAll(part -> part.isOpen()
                ? part.ended(Stage.NOT_RUN, why, setting.clockNs().getAsLong())
                : part);
    }

    /// The run that goes on.
    private final class Current implements RunProcess.Listener {
        private final RunForm asked;
        private final long begunNs = setting.clockNs().getAsLong();
        private Optional<RunProcess> process = Optional.empty();
        private boolean cancelled;
        private boolean measured;
        private String lastLine = "";

        Current(RunForm asked) {
            this.asked = asked;
        }

        @Override
        public void event(RunEvent event) {
            if (cancelled) {
                return;
            }
            switch (event) {
                case RunEvent.Begun(List<String> names) -> begin(names);
                case RunEvent.Step(Optional<String> part, String name) -> {
                    state.set(part.map(p -> p + ": ").orElse("") + name);
                    parts.replaceAll(p -> p.stage() == Stage.RUNNING && !part.equals(Optional.of(p.name()))
                            ? p.paused()
                            : p);
                    part.ifPresent(p -> update(p, before -> before.running(name, setting.clockNs().getAsLong())));
                }
                case RunEvent.Measured done -> end(done.part(), Stage.DONE, Part.result(done));
                case RunEvent.Compared done -> end(done.part(), Stage.DONE, Part.result(done));
                case RunEvent.Failed(String part, String reason) -> end(part, Stage.FAILED, reason);
                case RunEvent.Kept _ -> tellResult();
            }
        }

        private void begin(List<String> names) {
            parts.replaceAll(part -> names.contains(part.name())
                    ? part
                    : part.ended(Stage.LEFT_OUT, "the log says why", setting.clockNs().getAsLong()));
        }

        private void update(String name, UnaryOperator<Part> change) {
            parts.replaceAll(part -> part.name().equals(name) ? change.apply(part) : part);
        }

        private void end(String name, Stage how, String text) {
            measured |= how == Stage.DONE;
            update(name, part -> part.ended(how, text, setting.clockNs().getAsLong()));
        }

        private void tellResult() {
            if (measured) {
                results.accept(new Result(Path.of(asked.folder().strip()), asked.verb() == Verb.ABLATE));
            }
        }

        @Override
        public void line(String text) {
            lastLine = text;
            say(text);
        }

        @Override
        public void ended(int exitCode) {
            current = Optional.empty();
            running.set(false);
            endParts(cancelled ? "cancelled" : "the run ended before");
            String time = seconds(setting.clockNs().getAsLong() - begunNs);
            state.set(outcome(exitCode) + " after " + time);
            if (cancelled) {
                tellResult();
            }
            if (form.get().folder().equals(namedFolder)) {
                namedFolder = setting.folders().get();
                change(f -> f.withFolder(namedFolder));
            }
        }

        private String outcome(int exitCode) {
            String kept = measured ? "; what was measured is in " + asked.folder().strip() : "";
            if (cancelled) {
                return "cancelled" + kept;
            }
            return exitCode == 0 ? "done" + kept : "failed: " + reason(exitCode) + kept;
        }

        private String reason(int exitCode) {
            return parts.stream().filter(part -> part.stage() == Stage.FAILED).findFirst()
                    .map(part -> part.name() + ": " + part.text())
                    .orElse(lastLine.isEmpty()
                            ? "exit code " + exitCode
                            : lastLine.replaceFirst("^moelab[a-z ]*: ", ""));
        }
    }

    /// What is asked for.
    ReadOnlyObjectProperty<RunForm> formProperty() {
        return form.getReadOnlyProperty();
    }

    /// What is wrong with it; it can run where nothing is.
    ObservableValue<Map<Field, String>> problemsProperty() {
        return problems;
    }

    /// The command line that does the same.
    ObservableValue<String> commandLineProperty() {
        return form.map(f -> f.commandLine(setting.catalogue()));
    }

    /// What it takes of memory by the model's sizes; empty where these are not known.
    ObservableValue<String> memoryProperty() {
        return check.map(c -> c.memory().orElse(""));
    }

    /// What the machine says of its GPU.
    ReadOnlyObjectProperty<Machine> machineProperty() {
        return machine.getReadOnlyProperty();
    }

    /// Whether a run can be started now.
    public ObservableBooleanValue startableProperty() {
        return startable;
    }

    /// Whether a run goes on.
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /// What the run does, or how the last one ended.
    public ReadOnlyStringProperty stateProperty() {
        return state.getReadOnlyProperty();
    }

    /// How long the run goes on, or nothing.
    String elapsed() {
        return current.map(run -> seconds(setting.clockNs().getAsLong() - run.begunNs)).orElse("");
    }

    /// How long a part went on, or goes on.
    String elapsed(Part part) {
        OptionalLong ns = part.elapsedNs(setting.clockNs().getAsLong());
        return ns.isPresent() ? seconds(ns.getAsLong()) : "";
    }

    private static String seconds(long ns) {
        long seconds = Math.round(ns / 1e9);
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }

    /// The parts of the run, in their order. Read only.
    ObservableList<Part> parts() {
        return parts;
    }

    /// What the run said. Read only.
    ObservableList<String> log() {
        return log;
    }

    /// The layers and techniques.
    Catalogue catalogue() {
        return setting.catalogue();
    }
}
