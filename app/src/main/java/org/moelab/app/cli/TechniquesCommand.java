package org.moelab.app.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Machine;
import org.moelab.gpu.technique.Technique;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `moelab techniques`: the catalogue.
@Command(name = "techniques", description = "List the techniques: what each is, how it is applied here, and what it should move.")
final class TechniquesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--layer", paramLabel = "N", description = "Only those that this layer brings.")
    private Optional<String> layer = Optional.empty();

    @Option(names = "--json", description = "Write JSON.")
    private boolean json;

    TechniquesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Catalogue catalogue = Catalogue.load();
        List<Technique> techniques = layer.isEmpty()
                ? catalogue.techniques()
                : catalogue.of(catalogue.layer(layer.get()).orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no layer is called '" + layer.get() + "'; moelab layers lists them")));
        Optional<Machine> machine = machine();
        if (json) {
            terminal.out().println(json(techniques, machine).toPrettyString());
        } else {
            techniques.forEach(technique -> tell(technique, machine, terminal.out()));
        }
        return CommandLineInterface.DONE;
    }

    /// This machine, if it has a GPU.
    private static Optional<Machine> machine() {
        Host host = Host.current();
        LibraryFinder finder = LibraryFinder.of(host);
        try {
            return CudaDriver.open(finder).devices().stream().findFirst()
                    .map(device -> Machine.of(device, host, finder));
        } catch (CudaUnavailableException | CudaException _) {
            return Optional.empty(); // the list is the same without; the doctor says what is wrong
        }
    }

    private static void tell(Technique t, Optional<Machine> machine, PrintWriter out) {
        out.printf("%d  %-26s %-15s %s%n", t.layer(), t.id(), t.status().label(), t.name());
        line(out, "", t.what());
        line(out, "here: ", t.how());
        line(out, "needs: ", t.needs());
        line(out, t.status() == Technique.Status.ON_REQUEST ? "why on request: " : "why not: ", t.reason());
        line(out, "no effect on this machine: ", machine.flatMap(m -> m.lacks(t)).orElse(""));
        line(out, "kernels: ", String.join(", ", t.kernels()));
        line(out, "moves: ", t.metric());
    }

    private static void line(PrintWriter out, String label, String text) {
        if (!text.isEmpty()) {
            out.println("     " + label + text);
        }
    }

    private static ArrayNode json(List<Technique> techniques, Optional<Machine> machine) {
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (Technique t : techniques) {
            ObjectNode node = array.addObject().put("id", t.id()).put("name", t.name()).put("layer", t.layer())
                    .put("chapter", t.chapter()).put("status", t.status().label()).put("what", t.what())
                    .put("how", t.how()).put("needs", t.needs()).put("metric", t.metric()).put("reason", t.reason());
            machine.ifPresent(m -> node.put("lacks", m.lacks(t).orElse("")));
            ArrayNode kernels = node.putArray("kernels");
            t.kernels().forEach(kernels::add);
        }
        return array;
    }
}
