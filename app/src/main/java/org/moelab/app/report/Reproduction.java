package org.moelab.app.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Code;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Section;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.Asked;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.Timeline;
import org.moelab.gpu.bench.SweepReport;

/// How to measure the same again: commands from what was asked, the commit, and where random numbers come from.
final class Reproduction implements Part {
    private static final Pattern CHANGE = Pattern.compile(" (with|without|only) (\\S+)");

    @Override
    public Optional<Section> of(Subject subject) {
        RunReport report = subject.run().report();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("From the settings that run.json records (asked), put back into a command:"));
        blocks.add(new Code(command(report)));
        sweeps(subject).ifPresent(options -> {
            blocks.add(new Paragraph(
                    "What was swept, from sweeps.json: the same command with analyze in the place of run and"));
            blocks.add(new Code(options));
        });
        subject.run().ablations().ifPresent(ablations -> {
            blocks.add(new Paragraph("What techniques are worth, from ablation.json:"));
            blocks.add(new Code(command(ablations.asked())));
        });
        blocks.add(new Paragraph("This report:"));
        blocks.add(new Code("moelab report DIR -o report.html"));
        blocks.add(new Lines(List.of(
                new Line("Commit", report.versions().commit().map(c -> c + " (versions.commit)")
                        .orElse("not recorded: the build did not know it")),
                new Line("Weights and prompts",
                        "run.json records no seed, and moelab run takes none: random weights and"
                                + " prompts come from seeds that are constants of the source, so that the same commit makes the same"
                                + " ones."),
                new Line("Began and ended", report.started().orElse("not recorded") + " to "
                        + report.finished().orElse("not recorded") + " (started, finished)"))));
        return Optional.of(new Section("reproduction", "How to reproduce", blocks));
    }

    /// The options of the sweeps; empty where none are of this run.
    private static Optional<String> sweeps(Subject subject) {
        try {
            return subject.run().sweeps().map(SweepReport::asked).filter(asked -> !asked.sweeps().isEmpty())
                    .map(asked -> asked.sweeps().stream()
                            .map(s -> "--sweep " + word(s.axis() + "=" + String.join(",", s.values())))
                            .collect(Collectors.joining(" ")));
        } catch (IOException _) {
            return Optional.empty(); // the section of the sweeps says so
        }
    }

    /// The layers that profilers were let at, where those are not all; empty where they are, or none was asked for.
    private static List<String> profiled(RunReport report) {
        Set<String> layers = report.profiles().orElse(List.of()).stream().map(Profile::layer)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return layers.containsAll(report.layers().stream().map(LayerResult::layer).toList())
                || layers.stream().anyMatch(layer -> layer.contains(" "))
                        ? List.of()
                        : List.copyOf(layers);
    }

    /// The command of a run.
    static String command(RunReport report) {
        Asked asked = report.asked();
        Set<String> layers = new LinkedHashSet<>();
        Map<String, Set<String>> changes = new LinkedHashMap<>();
        for (String name : asked.layers()) {
            layers.add(name.split(" ", 2)[0]);
            Matcher change = CHANGE.matcher(name);
            while (change.find()) {
                changes.computeIfAbsent(change.group(1), _ -> new LinkedHashSet<>())
                        .addAll(List.of(change.group(2).split(",", -1)));
            }
        }
        StringBuilder command = new StringBuilder("moelab run --model " + word(asked.model()) + " --layers "
                + String.join(",", layers));
        changes.forEach((option, ids) -> command.append(" --").append(option).append(' ')
                .append(String.join(",", ids)));
        command.append(" --batch ").append(asked.batch()).append(" --prompt ").append(asked.prompt())
                .append(" --generate ").append(asked.generate()).append(" --repeats ").append(asked.repeats())
                .append(" --device ").append(asked.device());
        asked.profile().ifPresent(profile -> command.append(" --profile ").append(profile));
        if (!profiled(report).isEmpty()) {
            command.append(" --profile-layers ").append(String.join(",", profiled(report)));
        }
        report.layers().stream().map(LayerResult::timeline).flatMap(Optional::stream).map(Timeline::steps).findFirst()
                .ifPresent(steps -> command.append(" --profile-steps ").append(steps));
        return command.append(" -o DIR").toString();
    }

    private static String command(AblationReport.Asked asked) {
        return "moelab ablate --model " + word(asked.model()) + " --techniques " + String.join(",", asked.techniques())
                + " --batch " + asked.batch() + " --prompt " + asked.prompt() + " --generate " + asked.generate()
                + " --repeats " + asked.pairs() + " -o DIR";
    }

    /// As a shell takes it for one word.
    private static String word(String text) {
        return text.matches("[\\w./,:=+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
