package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.engine.TunedChoice.Candidate;
import org.moelab.gpu.engine.TuningFile.Ground;

class TuningFileTest {
    private static final Ground GROUND = new Ground("NVIDIA H200", "9.0", "580.1", "13.0.2", "00ff");
    private static final TunedChoice CHOICE = choice("512 x 5120", "rank 1", "rank 0", "rank 1");

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    private static TunedChoice choice(String question, String chosen, String... names) {
        return new TunedChoice(question, chosen, "2026-01-31T12:00:00+01:00",
                List.of(names).stream().map(name -> new Candidate(name, Optional.of(12.5))).toList());
    }

    private TuningFile file(Ground ground) {
        return new TuningFile(Optional.of(folder), ground, warnings::add);
    }

    private Path path() {
        return folder.resolve("tuning/nvidia-h200.json");
    }

    @Test
    void read_whatWasWrittenOnTheSameGround_isTheSame() throws IOException {
        TunedChoice failed = new TunedChoice("odd", "a", "2026-01-31T12:00:00+01:00",
                List.of(new Candidate("a", Optional.of(1.0)), new Candidate("b", Optional.empty())));
        file(GROUND).write(List.of(CHOICE, failed));

        assertThat(file(GROUND).read()).containsExactly(CHOICE, failed);
        assertThat(warnings).isEmpty();
        assertThat(Files.readString(path())).as("for people").contains("\"question\" : \"512 x 5120\"\n".strip())
                .contains("NVIDIA H200", "580.1");
        try (var files = Files.list(path().getParent())) {
            assertThat(files).as("nothing unfinished is left").containsExactly(path());
        }
    }

    @Test
    void read_nothingWritten_isNothingAndNoProblem() {
        assertThat(file(GROUND).read()).isEmpty();
        assertThat(warnings).isEmpty();
        new TuningFile(Optional.empty(), GROUND, warnings::add).write(List.of(CHOICE));
        assertThat(warnings).isEmpty();
    }

    @Test
    void read_timedOnOtherGround_isNothingWithAWarningAndIsReplaced() {
        List<Ground> others = List.of(new Ground("NVIDIA H200", "9.0", "590.2", "13.0.2", "00ff"),
                new Ground("NVIDIA H200", "9.0", "580.1", "13.1.0", "00ff"),
                new Ground("NVIDIA H200", "9.0", "580.1", "13.0.2", "00fe"),
                new Ground("NVIDIA-H200", "9.0", "580.1", "13.0.2", "00ff"));
        for (Ground other : others) {
            warnings.clear();
            file(GROUND).write(List.of(CHOICE));
            assertThat(file(other).read()).as("%s", other).isEmpty();
            assertThat(warnings).singleElement().asString().contains(path().toString(), "other ground", "anew");
            TunedChoice now = choice("7 x 7", "b", "a", "b");
            file(other).write(List.of(now));
            assertThat(file(other).read()).containsExactly(now);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "{", "null", "[1]", "{ \"form\": 2 }", "{ \"form\": 1 }",
            "{ \"form\": 1, \"timed_on\": null, \"choices\": [] }",
            "{ \"form\": 1, \"timed_on\": { \"gpu\": \"NVIDIA H200\", \"capability\": \"9.0\", \"driver\": \"580.1\", "
                    + "\"library\": \"13.0.2\", \"kernels\": \"00ff\" }, \"choices\": [null] }",
            "{ \"form\": 1, \"timed_on\": { \"gpu\": \"NVIDIA H200\", \"capability\": \"9.0\", \"driver\": \"580.1\", "
                    + "\"library\": \"13.0.2\", \"kernels\": \"00ff\" }, \"choices\": [ { \"question\": \"q\", "
                    + "\"chosen\": \"c\", \"measured\": \"\", \"candidates\": [] } ] }" })
    void read_damagedFile_isNothingWithOneWarningAndIsReplaced(String content) throws IOException {
        Files.createDirectories(path().getParent());
        Files.writeString(path(), content);

        assertThat(file(GROUND).read()).isEmpty();
        assertThat(warnings).singleElement().asString().contains(path().toString()).hasLineCount(1);

        file(GROUND).write(List.of(CHOICE));
        assertThat(file(GROUND).read()).containsExactly(CHOICE);
    }

    @Test
    void write_whereTheFolderCannotBe_warnsAndGoesOn() throws IOException {
        Files.writeString(folder.resolve("tuning"), "a file in the folder's place");

        file(GROUND).write(List.of(CHOICE));

        assertThat(warnings).singleElement().asString().contains("not kept", "nvidia-h200.json");
    }

    @Test
    void find_amongOtherCandidates_isAnotherQuestion() {
        TunedChoices choices = new TunedChoices(file(GROUND));
        choices.keep(CHOICE);

        assertThat(choices.find("512 x 5120", List.of("rank 0", "rank 1"))).contains(CHOICE);
        assertThat(choices.find("512 x 5120", List.of("rank 0", "rank 1", "rank 2"))).isEmpty();
        assertThat(choices.find("513 x 5120", List.of("rank 0", "rank 1"))).isEmpty();
    }

    @Test
    void used_inALaterProcess_areTheRememberedThatWereAskedFor() {
        TunedChoices before = new TunedChoices(file(GROUND));
        before.keep(CHOICE);
        before.keep(choice("other", "a", "a"));
        TunedChoices now = new TunedChoices(file(GROUND));

        assertThat(now.used()).isEmpty();
        assertThat(now.find("512 x 5120", List.of("rank 0", "rank 1"))).contains(CHOICE);
        assertThat(now.used()).containsExactly(CHOICE);
        now.keep(choice("third", "a", "a"));
        assertThat(file(GROUND).read()).as("what was remembered stays").hasSize(3);
    }

    @Test
    void keep_besideAnotherOfTheSameFile_losesNothing() {
        TunedChoices one = new TunedChoices(file(GROUND));
        TunedChoices other = new TunedChoices(file(GROUND));
        assertThat(one.find("other", List.of("a"))).isEmpty();
        other.keep(choice("other", "a", "a"));
        one.keep(CHOICE);

        assertThat(file(GROUND).read()).extracting(TunedChoice::question)
                .containsExactlyInAnyOrder("other", CHOICE.question());
    }

    @Test
    void keep_candidatesThatTheLibraryNamesOtherwise_replacesTheOldOnes() {
        TunedChoices choices = new TunedChoices(file(GROUND));
        choices.keep(CHOICE);
        TunedChoice renamed = choice(CHOICE.question(), "rank x", "rank x", "rank y");
        TunedChoice more = choice(CHOICE.question(), "rank x", "rank x", "rank y", "rank z");
        choices.keep(renamed);
        choices.keep(more);

        assertThat(file(GROUND).read()).containsExactly(renamed, more);
    }

    @Test
    void choice_ofWhatIsNoCandidate_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> choice("q", "c", "a", "b")).withMessageContaining("'c'");
    }
}
