package org.moelab.app.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

import org.moelab.gpu.doctor.Check;
import org.moelab.gpu.doctor.Doctor;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `moelab doctor`: what of the machine the lab can use. An absence is an answer, not a failure.
@Command(name = "doctor", description = "Look for JDK, GPU, driver, CUDA libraries, profilers and display, and tell what each absence costs.")
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", description = "Write JSON.")
    private boolean json;

    @Option(names = "--measure", description = "Measure the GPU's ceilings too; takes a few seconds and GB of its memory.")
    private boolean measure;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Check> checks = Doctor.run(new Doctor.Options(measure));
        if (json) {
            terminal.out().println(json(checks).toPrettyString());
        } else {
            checks.forEach(check -> tell(check, terminal.out()));
        }
        return CommandLineInterface.DONE;
    }

    private static void tell(Check check, PrintWriter out) {
        out.printf("%-9s %s: %s%n", PlainText.words(check.status()), check.title(), PlainText.oneLine(check.detail()));
        if (!check.cost().isEmpty()) {
            out.printf("%-9s   without: %s%n", "", check.cost());
        }
        if (!check.remedy().isEmpty()) {
            out.printf("%-9s   remedy: %s%n", "", check.remedy());
        }
    }

    private static ObjectNode json(List<Check> checks) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ArrayNode array = root.putArray("checks");
        for (Check check : checks) {
            ObjectNode node = array.addObject().put("id", check.id()).put("title", check.title())
                    .put("status", PlainText.words(check.status())).put("detail", check.detail())
                    .put("cost", check.cost()).put("remedy", check.remedy());
            ObjectNode figures = node.putObject("figures");
            for (Check.Figure figure : check.figures()) {
                figures.putObject(figure.name()).put("value", figure.value()).put("unit", figure.unit().symbol());
            }
        }
        return root;
    }
}
