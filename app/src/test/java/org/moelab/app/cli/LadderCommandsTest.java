package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;
import static org.moelab.app.cli.CommandLineInterface.WRONG_USAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.launch.RunEvent;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LadderCommandsTest {
    @TempDir
    Path folder;

    @Test
    void layers_asJson_areTheLadder() {
        JsonNode layers = JsonMapper.shared().readTree(Run.of("layers", "--json").out());
        List<String> ids = new ArrayList<>();
        layers.forEach(layer -> ids.add(layer.path("id").asString()));
        assertThat(ids).containsExactly("baseline", "1", "2", "3", "4", "5", "6");
        assertThat(layers.get(2).path("built").asBoolean()).isTrue();
        assertThat(layers.get(2).path("techniques").toString()).contains("decode-gemv");
    }

    @Test
    void layers_forPeople_areALineEach() {
        assertThat(Run.of("layers").out().lines()).hasSize(7).first().asString().startsWith("baseline");
    }

    @Test
    void layers_ofAModel_sayWhatItsWeightsTakeInEach() {
        JsonNode layers = JsonMapper.shared().readTree(Run.of("layers", "--model", "gpt-oss-120b", "--json").out());
        assertThat(layers.get(0).path("weights_bytes").asLong() / 1e9).isBetween(233.0, 234.0);
        assertThat(layers.get(2).path("weights_bytes")).isEqualTo(layers.get(0).path("weights_bytes"));
        assertThat(layers.get(5).path("weights_bytes").asLong() / 1e9).isBetween(66.7, 66.8);
        assertThat(Run.of("layers", "--model", "gpt-oss-120b").out().lines().toList().get(5)).contains("66.79 GB");
        Run missing = Run.of("layers", "--model", folder);
        assertThat(missing.exitCode()).isEqualTo(FAILED);
        assertThat(missing.errLines()).singleElement().asString().contains(folder.toString());
    }

    @Test
    void techniques_ofALayer_areItsOwn() {
        JsonNode techniques = JsonMapper.shared().readTree(Run.of("techniques", "--layer", "2", "--json").out());
        assertThat(techniques).isNotEmpty().allSatisfy(t -> assertThat(t.path("layer").asInt()).isEqualTo(2));
        assertThat(Run.of("techniques").out()).contains("decode-gemv", "expert-parallelism", "why not: ");
    }

    @Test
    void techniquesOnRequest_areListedWithWhatWasMeasuredAndCountedApart() {
        JsonNode techniques = JsonMapper.shared().readTree(Run.of("techniques", "--layer", "5", "--json").out());
        assertThat(techniques).filteredOn(t -> t.path("id").asString().equals("fp8-kv")).singleElement()
                .satisfies(t -> assertThat(t.path("status").asString()).isEqualTo("on request"));
        assertThat(Run.of("techniques").out()).contains("why on request: measured");
        JsonNode second = JsonMapper.shared().readTree(Run.of("layers", "--json").out()).get(2);
        assertThat(second.path("techniques_on_request").asInt()).isPositive();
        assertThat(second.path("techniques_done").asInt() + second.path("techniques_on_request").asInt())
                .isLessThanOrEqualTo(second.path("techniques").size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "techniques --layer 9 | 9",
            "run --model tiny --with warp-speed | warp-speed",
            "bench --model tiny --with ring-attention | not yet",
            "generate --model tiny --prompt-ids 1 --layers 2 --with fp8-kv | belongs to layer 5",
            "generate --model tiny --prompt-ids 1 --layers 9 | 9",
            "generate --model tiny --prompt-ids 1 --layers 1,2 | one layer",
            "generate --model tiny --prompt-ids 1 --without warp-speed | warp-speed",
            "generate --model tiny --prompt-ids 1 --only prefix-caching | prefix-caching",
            "bench --model tiny --batch 0 | at least 1",
            "ablate --model tiny --techniques warp-speed | warp-speed",
            "ablate --model tiny --techniques ring-attention | not yet",
            "ablate --model tiny --repeats 0 | at least 1",
            "ablate --model tiny --layer 9 | 9",
            "run --model tiny --prompt 0 | at least 1",
            "run --model tiny --profile everything | everything",
            "run --model tiny --profile-steps 0 | at least 1",
            "run --model tiny --layers 0,6 --profile-layers 5 | those that are: baseline, 6",
            "run --layers 1 | --model",
            "run --model tiny --resume a -o b | --resume",
            "analyze --model tiny --prompt 0 | at least 1",
            "analyze --sweep colour=red | colour",
            "analyze --sweep batch=1,0 | '0'",
            "analyze --sweep batch | values",
            "analyze --sweep precision=fp4 | fp4",
            "analyze --sweep gpus=2 | one GPU",
            "analyze --sweep batch=1 --sweep batch=2 | twice",
            "analyze --profile everything | everything" })
    void usage_wrong_isOneLineThatNamesTheProblem(String arguments, String named) {
        Run run = Run.of((Object[]) arguments.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains(named).contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = { "layers", "techniques", "generate", "bench", "run", "analyze", "export-checkpoint" })
    void help_ofEveryVerb_isOnOut(String verb) {
        Run run = Run.of(verb, "--help");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).startsWith("Usage: moelab " + verb).doesNotContain("--without");
        assertThat(run.out().contains("--with="))
                .isEqualTo(List.of("generate", "bench", "run", "analyze").contains(verb));
    }

    @Test
    void run_aLayerOfTheGpuOnTheProcessor_isRefusedInOneLine() throws IOException {
        Run run = Run.of("run", "--model", "tiny", "--layers", "6", "--device", "cpu", "-o", folder);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("knows no techniques").endsWith("left out: 6");
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void run_techniqueOnRequest_isAddedFromItsLayerUpAndNamed() {
        Run run = Run.of("run", "--model", "tiny", "--layers", "4,5,6", "--with", "fp8-kv", "--device", "cpu", "-o",
                folder);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString()
                .endsWith("left out: 4, 5 with fp8-kv, 6 with fp8-kv");
    }

    @Test
    void run_layersOnTheProcessor_areRefusedButTheBaseline() {
        Run run = Run.of("run", "--model", "tiny", "--layers", "2", "--device", "cpu", "-o", folder);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("CPU engine").contains("2");
    }

    @Test
    void run_profilesOnTheProcessor_areLeftOutWithTheReasonAndTheRestIsKept() throws IOException {
        Run run = Run.of("run", "--model", "tiny", "--layers", "baseline", "--prompt", "3", "--generate", "2",
                "--repeats", "1", "--profile", "all", "--device", "cpu", "-o", folder);
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.errLines()).filteredOn(line -> line.startsWith("moelab: profile ")).hasSize(6)
                .allSatisfy(line -> assertThat(line).contains("left out", "processor", "run it on a GPU"));
        RunReport report = RunFile.read(folder);
        assertThat(report.complete()).isTrue();
        assertThat(report.asked().profile()).contains("all");
        assertThat(report.layers()).hasSize(1);
        assertThat(report.profiles().orElseThrow()).extracting(RunReport.Profile::kind)
                .containsExactlyInAnyOrder("roofline", "deep_dive", "nsys", "ncu", "hta", "differences");
        assertThat(Run.filesIn(folder)).containsExactly(RunFile.NAME);
    }

    @Test
    void run_timelinesOnTheProcessor_areRefusedInOneLine() throws IOException {
        Run run = Run.of("run", "--model", "tiny", "--profile", "minimal", "--device", "cpu", "-o", folder);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("--profile minimal");
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void run_aWorkloadThatDoesNotFit_leavesNothingBehind() throws IOException {
        Run run = Run.of("run", "--model", "tiny", "--layers", "baseline", "--prompt", "100000000", "--device", "cpu",
                "-o", folder);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("do not fit");
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void run_theBaselineOnTheProcessor_writesWhatWasMeasuredAndNothingElse() throws IOException {
        Path directory = folder.resolve("a/run");
        Run run = Run.of("run", "--model", "tiny", "--layers", "baseline", "--batch", "2", "--prompt", "9",
                "--generate", "3", "--repeats", "2", "--device", "cpu", "-o", directory);
        assertThat(run.errLines()).hasSize(2).first().asString().startsWith("layer baseline: TTFT");
        assertThat(run.errLines()).last().asString().matches("expert loads of layer baseline, fullest over mean expert:"
                + " prefill \\d\\.\\d\\d on average, at worst \\d\\.\\d\\d \\(the model's layer \\d\\);"
                + " decode, 2 steps together, \\d\\.\\d\\d on average, at worst .*");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out().strip()).isEqualTo(directory.resolve(RunFile.NAME).toString());
        assertThat(Run.filesIn(directory)).containsExactly(RunFile.NAME);

        RunReport report = RunFile.read(directory);
        assertThat(report.asked()).isEqualTo(new RunReport.Asked("tiny", List.of("baseline"), 2, 9, 3, 2, "cpu",
                Optional.of("none")));
        assertThat(report.complete()).isTrue();
        assertThat(report.startToFirstTokenSeconds()).isPresent();
        assertThat(report.ceilings()).isEmpty();
        assertThat(report.model().vocabulary()).isEqualTo(1024);
        assertThat(report.machine().gpu()).isEmpty();
        RunReport.LayerResult layer = report.layers().getFirst();
        assertThat(layer.ttftMs().count()).isEqualTo(2);
        assertThat(layer.interTokenMs().orElseThrow().count()).isEqualTo(4);
        assertThat(layer.check()).isEmpty();
        assertThat(report.expertLoads().orElseThrow().prefill().tokens()).isEqualTo(18);

        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(directory.resolve(RunFile.NAME)));
        assertThat(json.path("layers").get(0).propertyNames()).contains("ttft_ms", "tpot_ms", "inter_token_ms")
                .doesNotContain("check", "energy_joules", "prefill", "decode", "timeline");
        assertThat(json.path("version").asInt()).isEqualTo(2);
    }

    @Test
    void run_withProgressAsJson_tellsEventsOnOutAndTheSameTextOnErr() {
        Path directory = folder.resolve("told");
        Run run = Run.of("run", "--model", "tiny", "--layers", "baseline", "--prompt", "5", "--generate", "2",
                "--repeats", "1", "--device", "cpu", "--progress", "json", "-o", directory);
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.errLines()).hasSize(2).first().asString().startsWith("layer baseline: TTFT");
        String file = directory.resolve(RunFile.NAME).toString();

        List<RunEvent> events = run.out().lines().map(line -> RunEvent.parse(line).orElseThrow()).toList();

        RunEvent.Measured measured = events.stream().filter(RunEvent.Measured.class::isInstance)
                .map(RunEvent.Measured.class::cast).findFirst().orElseThrow();
        assertThat(measured.ttftMs()).isPositive();
        assertThat(measured.decodeTokensPerSecond()).isPresent();
        assertThat(events).containsExactly(new RunEvent.Begun(List.of("baseline")),
                new RunEvent.Kept(file, false), new RunEvent.Step(Optional.empty(), "first token"),
                new RunEvent.Kept(file, false),
                new RunEvent.Step(Optional.of("baseline"), "timed runs"), measured, new RunEvent.Kept(file, false),
                new RunEvent.Step(Optional.empty(), "loads of the experts"), new RunEvent.Kept(file, false),
                new RunEvent.Kept(file, true));
        assertThat(RunEvent.parse("not an event")).isEmpty();
        assertThat(RunEvent.parse("{\"event\": \"of a newer build\"}")).isEmpty();
    }

    @Test
    void bench_besideWithoutAGpu_saysThatItNeedsOne() {
        Run run = Run.of("bench", "--model", "tiny", "--layers", "baseline", "--prefill", "3", "--decode", "2",
                "--batch", "1", "--device", "cpu", "--beside", "--format", "csv");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("--beside needs a GPU");
        assertThat(run.out().lines()).containsExactly(
                "model,device,layer,batch,prompt,decode,repeats,work,decode_tokens_per_second,prefill_tokens_per_second");
    }

    @Test
    void bench_asCsv_hasALineForEachBatchAndPrompt() {
        Run run = Run.of("bench", "--model", "tiny", "--layers", "baseline", "--prefill", "3,5", "--decode", "2",
                "--batch", "1,2", "--repeats", "1", "--device", "cpu", "--format", "csv");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out().lines().skip(1).map(line -> line.split(",", -1)))
                .extracting(cells -> cells[3] + "x" + cells[4]).containsExactly("1x3", "1x5", "2x3", "2x5");
    }

    @Test
    void verify_theReferenceAgainstItself_passes() {
        Run run = Run.of("verify", "--layers", "baseline", "--prompt", "3", "--batch", "2", "--device", "cpu");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out().lines()).hasSize(2).last().asString().contains("0.00e+00", " 0/");
    }

    @Test
    void verify_asSummary_isALineForAllBatchesAndPrompts() {
        Run run = Run.of("verify", "--layers", "baseline", "--prompt", "3,4", "--batch", "1,2", "--device", "cpu",
                "--summary");
        assertThat(run.exitCode()).isEqualTo(DONE);
        // tokens of four layers: prompts of 3 and 4 and three steps each, for one sequence and for two
        assertThat(run.out().lines()).hasSize(2).last().asString().startsWith("baseline").contains("all")
                .contains(" 0/" + 4 * (3 + 3 + 4 + 3) * 3);
    }

    @ParameterizedTest
    @ValueSource(strings = { "-1", "NaN", "1e400" })
    void verify_withABoundThatBoundsNothing_isWrongUsage(String bound) {
        Run run = Run.of("verify", "--device", "cpu", "--max-error", bound);
        assertThat(run.exitCode()).isEqualTo(CommandLineInterface.WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains("--max-error must be");
    }

    @Test
    void generate_fewerThanNoTokens_isWrongUsage() {
        Run run = Run.of("generate", "--model", "tiny", "--device", "cpu", "--prompt-ids", "1", "--max-new", "-1");
        assertThat(run.exitCode()).isEqualTo(CommandLineInterface.WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains("--max-new must be at least 0");
    }

    @Test
    void generate_logitsThatCannotAllBeWritten_leavesNone(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("l.json"));
        Run run = Run.of("generate", "--model", "tiny", "--device", "cpu", "--prompt-ids", "1", "--max-new", "1",
                "--logits-file", folder.resolve("l"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().contains(folder.resolve("l.json").toString());
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void folder_withoutAName_isWrongUsageAndNotTheWorkingDirectory() {
        Run run = Run.of("run", "--model", "tiny", "--device", "cpu", "-o", "");
        assertThat(run.exitCode()).isEqualTo(CommandLineInterface.WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains("'' names no file or folder");
        assertThat(Run.of("").exitCode()).isEqualTo(CommandLineInterface.WRONG_USAGE);
    }
}
