package org.moelab.app.expectation;

import java.util.List;

import org.moelab.gpu.bench.RunReport;

/// What must be the same for two runs to be compared.
///
/// @param device the GPU as its driver names it; a processor with its architecture and number, which tell no more of it
/// @param model its name
/// @param batch sequences at once
/// @param prompt tokens of each sequence's prompt
/// @param generate tokens that each sequence is given
public record Workload(String device, String model, int batch, int prompt, int generate) {
    /// The workload of a run.
    public static Workload of(RunReport run) {
        RunReport.Machine machine = run.machine();
        String device = machine.gpu().map(RunReport.Gpu::name).orElseGet(
                () -> machine.device() + " (" + machine.architecture() + ", " + machine.processors() + " processors)");
        RunReport.Asked asked = run.asked();
        return new Workload(device, run.model().name(), asked.batch(), asked.prompt(), asked.generate());
    }

    /// In words.
    public String about() {
        return model + " on " + device + ", batch " + batch + ", prompt " + prompt + ", " + generate + " new";
    }

    /// Several in words, in a sentence.
    static String about(List<Workload> workloads) {
        return workloads.isEmpty() ? "nothing" : String.join("; ", workloads.stream().map(Workload::about).toList());
    }
}
