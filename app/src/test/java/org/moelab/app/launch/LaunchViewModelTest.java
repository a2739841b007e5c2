package org.moelab.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.launch.FormCheck.Field;
import org.moelab.app.launch.LaunchViewModel.Result;
import org.moelab.app.launch.Part.Stage;
import org.moelab.app.launch.RunForm.Numbers;
import org.moelab.app.launch.RunForm.Verb;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.Proposal;
import org.moelab.app.task.FxQueue;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.technique.Catalogue;

class LaunchViewModelTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final String NO_GPU = """
            {"checks": [{"id": "driver", "status": "absent", "detail": "libcuda.so.1 was not found"},
             {"id": "gpu", "status": "absent", "detail": "none can be reached"}]}""";
    private static final String GPU = """
            {"checks": [{"id": "driver", "status": "found", "detail": "CUDA 13"},
             {"id": "gpu", "status": "found", "detail": "a GPU of 80 GB", "cost": "",
              "figures": {"memoryBytes": {"value": 85e9}, "freeMemoryBytes": {"value": 8e10}}}]}""";

    @TempDir
    private Path folder = Path.of("");

    private final FxQueue fx = new FxQueue();
    private final List<Result> results = new ArrayList<>();
    private long now;

    private LaunchViewModel model(Program program) {
        LaunchViewModel model = new LaunchViewModel(new LaunchViewModel.Setting(CATALOGUE, program, fx, () -> now,
                () -> folder.resolve("run").toString()), results::add);
        started.add(model);
        return model;
    }

    private final List<LaunchViewModel> started = new ArrayList<>();

    @AfterEach
    void endRuns() {
        started.forEach(LaunchViewModel::cancel);
    }

    /// A machine that says this of itself, and of a run what a script does.
    private static Program machine(String doctor, String run) {
        return new Program(List.of("sh", "-c", "if [ \"$0\" = doctor ]; then cat <<'END'\n" + doctor + "\nEND\nelse\n"
                + run + "\nfi"));
    }

    private LaunchViewModel on(String doctor) {
        LaunchViewModel model = model(machine(doctor, "exit 0"));
        model.ask();
        fx.runUntil(() -> model.machineProperty().get().state() != Machine.State.ASKED);
        return model;
    }

    private static Numbers numbers(String batch, String prompt, String generate, String repeats) {
        return new Numbers(batch, prompt, generate, repeats);
    }

    @Test
    void commandLine_ofAForm_isWhatTheArgumentsSay() {
        LaunchViewModel model = model(machine(NO_GPU, ""));
        model.change(f -> f.withModel(" gpt-oss-20b ").withLayers(Set.of("6", "baseline", "5")).withDevice("cuda")
                .withNumbers(numbers("2", "64", " 8", "1")).withProfile("none").withFolder("/tmp/it's here")
                .withChanged(Set.of("fp8-kv", "dsmem", "device-routing")));

        assertThat(model.commandLineProperty().getValue()).isEqualTo("moelab run --model gpt-oss-20b"
                + " --layers baseline,5,6 --with fp8-kv" + withoutOf("dsmem", "device-routing")
                + " --batch 2 --prompt 64 --generate 8 --repeats 1 --device cuda --profile none"
                + " -o '/tmp/it'\\''s here'");
        assertThat(model.formProperty().get().arguments(CATALOGUE)).endsWith("-o", "/tmp/it's here");
        assertThat(model.formProperty().get().parts(CATALOGUE).getLast()).startsWith("6 with fp8-kv without ");
    }

    private static String withoutOf(String... ids) {
        return " --without " + String.join(",", java.util.stream.Stream.of(ids).sorted().toList());
    }

    @Test
    void commandLine_ofTechniquesInTurns_isAnAblation() {
        LaunchViewModel model = model(machine(GPU, ""));
        model.choose(Verb.ABLATE);
        assertThat(model.problemsProperty().getValue()).containsKey(Field.TECHNIQUES);

        model.toggleTechnique("device-routing");

        assertThat(model.commandLineProperty().getValue())
                .isEqualTo("moelab ablate --model tiny --techniques device-routing --batch 1 --prompt 512"
                        + " --generate 128 --repeats 3 -o " + folder.resolve("run"));
        assertThat(model.formProperty().get().parts(CATALOGUE)).containsExactly("device-routing added",
                "device-routing removed");
        model.toggleLayer("6");
        assertThat(model.formProperty().get().parts(CATALOGUE)).containsExactly("device-routing removed");
        assertThat(model.problemsProperty().getValue()).isEmpty();
        model.toggleLayer("5");
        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(Field.LAYERS);
    }

    @ParameterizedTest
    @CsvSource({ "0, 8, 2, 1, BATCH", "1, x, 2, 1, PROMPT", "1, 8, -1, 1, GENERATE", "1, 8, 2, 1.5, REPEATS",
            "1, 131072, 1, 1, PROMPT", "1, 99999999999, 1, 1, PROMPT" })
    void numbers_thatCannotRun_areAProblemOfTheirField(String batch, String prompt, String generate, String repeats,
            Field field) {
        LaunchViewModel model = on(NO_GPU);
        model.change(f -> f.withNumbers(numbers(batch, prompt, generate, repeats)));

        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(field);
        assertThat(model.startableProperty().get()).isFalse();
        model.start();
        assertThat(model.runningProperty().get()).isFalse();
    }

    @Test
    void processor_knowsNoTechniquesAndNoLargeModel() {
        LaunchViewModel model = on(NO_GPU);
        assertThat(model.machineProperty().get().words()).contains("libcuda.so.1", "CPU engine runs tiny");
        assertThat(model.problemsProperty().getValue()).isEmpty();
        assertThat(model.memoryProperty().getValue()).contains("fp32");

        model.change(f -> f.withLayers(Set.of("6")).withProfile("minimal"));
        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(Field.LAYERS, Field.PROFILE);
        model.change(f -> f.withLayers(Set.of("baseline")).withProfile("auto").withModel("gpt-oss-120b"));
        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(Field.DEVICE);
        model.change(f -> f.withModel("tiny").withDevice("cuda"));
        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(Field.DEVICE);
        model.choose(Verb.ABLATE);
        model.toggleTechnique("fp8");
        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(Field.DEVICE);
    }

    @Test
    void memory_ofAModelOnAGpu_namesTheLayersWithoutRoom() {
        LaunchViewModel model = on(GPU);
        model.change(f -> f.withModel("gpt-oss-120b"));

        assertThat(model.memoryProperty().getValue()).startsWith("weights 66.")
                .contains("80.00 GB free: no room for baseline")
                .contains("cache").contains("working memory comes on top");
        model.change(f -> f.withLayers(Set.of("6")));
        assertThat(model.memoryProperty().getValue()).doesNotContain("no room");
    }

    @Test
    void model_folderThatIsNone_isAProblemOnceItHasBeenRead() {
        LaunchViewModel model = on(NO_GPU);
        model.change(f -> f.withModel(folder.resolve("nowhere").toString()));
        fx.runUntil(() -> model.problemsProperty().getValue().containsKey(Field.MODEL));
        assertThat(model.problemsProperty().getValue().get(Field.MODEL)).contains("no such folder");

        model.change(f -> f.withModel(folder.toString()));
        assertThat(model.problemsProperty().getValue()).as("not known until it has been read").isEmpty();
        fx.runUntil(() -> model.problemsProperty().getValue().containsKey(Field.MODEL));
        assertThat(model.problemsProperty().getValue().get(Field.MODEL)).contains("config.json");
    }

    @Test
    void folder_withARun_isNotWrittenOver() throws IOException {
        LaunchViewModel model = on(NO_GPU);
        model.change(f -> f.withFolder(folder.toString()));
        assertThat(model.problemsProperty().getValue()).isEmpty();

        Path file = Files.createFile(folder.resolve(RunFile.NAME));
        model.change(f -> f.withFolder(folder + "/"));
        assertThat(model.problemsProperty().getValue()).containsOnlyKeys(Field.FOLDER);
        model.change(f -> f.withFolder(file.resolve("below").toString()));
        assertThat(model.problemsProperty().getValue().get(Field.FOLDER)).contains("is no folder");
    }

    @Test
    void technique_aboveEveryChosenLayer_isAProblem() {
        LaunchViewModel model = on(GPU);
        model.change(f -> f.withLayers(Set.of("4")).withChanged(Set.of("fp8-kv")));

        assertThat(model.problemsProperty().getValue().get(Field.TECHNIQUES)).contains("fp8-kv belongs to layer 5");
    }

    @Test
    void choices_tellTheStateAtTheHighestChosenLayer() {
        RunForm form = RunForm.first(CATALOGUE, "x").withLayers(Set.of("2"))
                .withChanged(Set.of("decode-gemv"));
        TechniqueChoices.Choice gemv = choice(form, "decode-gemv");
        assertThat(gemv.on()).isFalse();
        assertThat(gemv.state()).isEqualTo("left out");
        assertThat(choice(form, "vectorised-loads").why()).isEqualTo("no effect: decode-gemv is left out");
        assertThat(choice(form, "fp8").state()).isEqualTo("from layer 5 on");
        assertThat(choice(form, "ring-attention").possible()).isFalse();
        assertThat(choice(form.withLayers(Set.of("6")), "fp8-kv").state()).isEqualTo("on request");
        assertThat(choice(form.withLayers(Set.of("6")).withChanged(Set.of("fp8-kv")), "fp8-kv").on()).isTrue();
    }

    private static TechniqueChoices.Choice choice(RunForm form, String id) {
        return new TechniqueChoices(form, CATALOGUE).all().stream().filter(c -> c.technique().id().equals(id))
                .findFirst().orElseThrow();
    }

    @Test
    void fill_oneTechnique_isTriedInTurnsInItsLayer() {
        LaunchViewModel model = on(GPU);
        model.fill(new Proposal("6", Set.of("device-routing")), KeptRun.read());

        assertThat(model.commandLineProperty().getValue()).startsWith("moelab ablate --model gpt-oss-20b"
                + " --techniques device-routing --layer 6 --batch 1 --prompt 512 --generate 128 --repeats 5");
        model.fill(new Proposal("6", Set.of("device-routing", "fp8")), KeptRun.read());
        assertThat(model.commandLineProperty().getValue()).startsWith("moelab run --model gpt-oss-20b --layers 6"
                + " --without device-routing,fp8 --batch 1");
    }

    @Test
    void events_ofARun_moveItsParts() {
        LaunchViewModel model = model(machine(NO_GPU, """
                echo 'moelab: left out: 2: too large' >&2
                echo '{"event": "begun", "parts": ["baseline", "1"]}'
                echo '{"event": "step", "part": "1", "name": "check"}'
                echo '{"event": "step", "part": "baseline", "name": "timed runs"}'
                echo '{"event": "kept", "file": "x", "complete": false}'
                echo '{"event": "measured", "part": "baseline", "ttftMs": 2.5, "prefillTokensPerSecond": 100}'
                echo '{"event": "kept", "file": "x", "complete": false}'
                echo '{"event": "failed", "part": "1", "reason": "out of memory"}'
                exit 1"""));
        model.change(f -> f.withLayers(Set.of("baseline", "1", "2")));
        model.start();
        assertThat(model.parts()).extracting(Part::stage).containsOnly(Stage.WAITING);
        assertThat(model.startableProperty().get()).as("one at a time").isFalse();
        fx.runUntil(() -> model.parts().getFirst().stage() == Stage.RUNNING);
        assertThat(model.stateProperty().get()).isEqualTo("baseline: timed runs");
        assertThat(model.parts().get(1)).as("a layer that was checked waits")
                .isEqualTo(Part.waiting("1").running("check", 0).paused());
        now = 65_000_000_000L;

        fx.runUntil(() -> !model.runningProperty().get());

        assertThat(model.parts()).extracting(Part::stage).containsExactly(Stage.DONE, Stage.FAILED, Stage.LEFT_OUT);
        assertThat(model.parts().getFirst().text()).isEqualTo("TTFT 2.500 ms, prefill 100.0 tok/s");
        assertThat(model.stateProperty().get()).startsWith("failed: 1: out of memory; what was measured is in ")
                .endsWith("after 1 min 5 s");
        assertThat(model.log()).hasSize(2).last().isEqualTo("moelab: left out: 2: too large");
        assertThat(results).as("nothing is to be seen before the first layer").hasSize(1);
    }

    @Test
    void failure_beforeTheFirstLayer_tellsTheLastLine() {
        LaunchViewModel model = model(machine(NO_GPU, "echo 'moelab: CUDA: no driver' >&2; exit 1"));
        model.start();
        fx.runUntil(() -> !model.runningProperty().get());

        assertThat(model.stateProperty().get()).isEqualTo("failed: CUDA: no driver after 0 s");
        assertThat(model.parts()).extracting(Part::stage).containsOnly(Stage.NOT_RUN);
        assertThat(results).isEmpty();
    }

    @Test
    void start_aProgramThatIsNotThere_saysSo() {
        LaunchViewModel model = model(new Program(List.of(folder.resolve("missing").toString())));
        model.start();

        assertThat(model.runningProperty().get()).isFalse();
        assertThat(model.stateProperty().get()).startsWith("failed: no process could be started");
    }

    @Test
    void cancel_dropsWhatComesLateAndShowsWhatWasKept() {
        LaunchViewModel model = model(machine(NO_GPU, """
                trap 'echo "{\\"event\\": \\"failed\\", \\"part\\": \\"1\\", \\"reason\\": \\"late\\"}"; exit 143' TERM
                echo '{"event": "measured", "part": "baseline", "ttftMs": 2.5, "prefillTokensPerSecond": 100}'
                echo '{"event": "step", "part": "1", "name": "timed runs"}'
                while :; do sleep 0.1; done"""));
        model.change(f -> f.withLayers(Set.of("baseline", "1")));
        model.start();
        fx.runUntil(() -> model.parts().getLast().stage() == Stage.RUNNING);

        model.cancel();
        fx.runUntil(() -> !model.runningProperty().get());

        assertThat(model.parts()).extracting(Part::stage).containsExactly(Stage.DONE, Stage.NOT_RUN);
        assertThat(model.stateProperty().get()).startsWith("cancelled; what was measured is in ");
        assertThat(results).containsExactly(new Result(folder.resolve("run"), false));
    }

    @Test
    void run_ofTheSmallestModel_isMeasuredByAProcessOfItsOwn() throws IOException {
        LaunchViewModel model = model(Program.current());
        model.change(f -> f.withLayers(Set.of("baseline")).withDevice("cpu").withNumbers(numbers("1", "8", "2", "1")));
        model.start();
        fx.runUntil(() -> !model.runningProperty().get());

        assertThat(model.stateProperty().get()).startsWith("done");
        assertThat(model.parts()).singleElement().satisfies(part -> assertThat(part.text()).startsWith("decode "));
        assertThat(RunFile.read(folder.resolve("run")).complete()).isTrue();
        assertThat(results).endsWith(new Result(folder.resolve("run"), false));
    }

    @Test
    void cancel_ofARunThatGoesOn_leavesWholeFiles() throws IOException {
        LaunchViewModel model = model(Program.current());
        model.change(f -> f.withLayers(Set.of("baseline")).withDevice("cpu")
                .withNumbers(numbers("1", "8", "100000", "9")));
        model.start();
        fx.runUntil(() -> model.parts().getFirst().stage() == Stage.RUNNING);

        model.cancel();
        fx.runUntil(() -> !model.runningProperty().get());

        assertThat(model.stateProperty().get()).startsWith("cancelled");
        assertThat(RunFile.read(folder.resolve("run")).complete()).isFalse();
        try (var files = Files.list(folder.resolve("run"))) {
            assertThat(files).containsExactly(folder.resolve("run").resolve(RunFile.NAME));
        }
    }

    @Test
    void machine_thatAnswersNonsense_isUnknown() {
        assertThat(on("no json").machineProperty().get().state()).isEqualTo(Machine.State.UNKNOWN);
        assertThat(on("{}").machineProperty().get().state()).isEqualTo(Machine.State.UNKNOWN);
        assertThat(on(GPU).machineProperty().get().freeBytes()).contains(80_000_000_000L);
    }
}
