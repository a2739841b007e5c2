package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.gpu.bench.DeviceCeilings;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.Gpu;
import org.moelab.gpu.bench.RunReport.GpuState;
import org.moelab.gpu.bench.RunReport.Machine;
import org.moelab.gpu.bench.RunReport.Model;
import org.moelab.gpu.bench.RunReport.Versions;
import org.moelab.traces.model.Unit;

/// The machine, what it reached in this run, the versions of what ran, and the model.
final class Hardware implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        RunReport report = subject.run().report();
        List<Block> blocks = new ArrayList<>();
        blocks.add(machine(report.machine()));
        blocks.add(ceilings(report.ceilings()));
        blocks.add(versions(report.versions()));
        blocks.add(model(report.model()));
        return Optional.of(new Section("hardware", "Hardware and versions", blocks));
    }

    private static Table.Builder facts(String id, String caption) {
        return Table.of(id, caption, Column.text("Fact", Basis.RECORDED, "what it is"),
                Column.text("Value", Basis.RECORDED, "the field named beside it"),
                Column.code("Field of run.json", Basis.RECORDED, "the path within the file"));
    }

    private static Table machine(Machine machine) {
        Table.Builder table = facts("machine",
                "The machine as the system, the driver and NVML described it when the run began")
                .row("System", machine.system() + ", " + machine.architecture(), "machine.system, .architecture")
                .row("Processors of the process", Integer.toString(machine.processors()), "machine.processors")
                .row("Ran on", machine.device(), "machine.device");
        if (machine.gpu().isEmpty()) {
            return table.row("GPU", new Cell.Absent("none was used"), "machine.gpu").build();
        }
        Gpu gpu = machine.gpu().get();
        Optional<GpuState> found = gpu.found();
        return table
                .row("GPU", gpu.name() + ", compute capability " + gpu.capability(), "machine.gpu.name, .capability")
                .row("Multiprocessors", Unit.COUNT.format(gpu.multiprocessors()), "machine.gpu.multiprocessors")
                .row("Device memory", Unit.BYTES.format(gpu.memoryBytes()), "machine.gpu.memory_bytes")
                .row("L2 cache", Unit.BYTES.format(gpu.l2Bytes()), "machine.gpu.l2_bytes")
                .row("Driver", found.flatMap(GpuState::driver), "machine.gpu.found.driver")
                .row("Multiprocessor clock then", found.flatMap(GpuState::smClockMhz).map(Hardware::mhz),
                        "machine.gpu.found.sm_clock_mhz")
                .row("Highest multiprocessor clock", found.flatMap(GpuState::maxSmClockMhz).map(Hardware::mhz),
                        "machine.gpu.found.max_sm_clock_mhz")
                .row("Memory clock then", found.flatMap(GpuState::memoryClockMhz).map(Hardware::mhz),
                        "machine.gpu.found.memory_clock_mhz")
                .row("Power then", found.flatMap(GpuState::powerMilliwatts).map(Hardware::watts),
                        "machine.gpu.found.power_milliwatts")
                .row("Power limit", found.flatMap(GpuState::powerLimitMilliwatts).map(Hardware::watts),
                        "machine.gpu.found.power_limit_milliwatts")
                .row("Free memory then", found.flatMap(GpuState::freeMemoryBytes).map(Unit.BYTES::format),
                        "machine.gpu.found.free_memory_bytes")
                .build();
    }

    private static String mhz(long mhz) {
        return Unit.COUNT.format(mhz) + " MHz";
    }

    private static String watts(long milliwatts) {
        return Unit.COUNT.format(milliwatts / 1e3) + " W";
    }

    private static Block ceilings(Optional<DeviceCeilings> ceilings) {
        if (ceilings.isEmpty()) {
            return new Block.Note(true,
                    "What the machine reaches was not measured in this run: operations cannot be held"
                            + " against floors.");
        }
        DeviceCeilings reached = ceilings.get();
        return Table.of("ceilings", "Ceilings that this run measured, in kernels that do one thing only",
                Column.text("Ceiling", Basis.RECORDED, "what the kernel does"),
                Column.number("Reached", "10¹²/s", 3, Basis.MEASURED,
                        "run.json, ceilings: the median of several runs in this process"),
                Column.text("Of", Basis.RECORDED, "what is counted"),
                Column.code("Field of run.json", Basis.RECORDED, "the path within the file"))
                .row("Reading device memory", reached.readBytesPerSecond() / 1e12, "bytes",
                        "ceilings.read_bytes_per_second")
                .row("Copying device memory", reached.copyBytesPerSecond() / 1e12, "bytes read and written",
                        "ceilings.copy_bytes_per_second")
                .row("bf16 products of 8192² on tensor cores", reached.bf16FlopPerSecond().map(f -> f / 1e12), "FLOP",
                        "ceilings.bf16_flop_per_second")
                .row("fp32 multiply-adds", reached.fp32FlopPerSecond() / 1e12, "FLOP", "ceilings.fp32_flop_per_second")
                .build();
    }

    private static Table versions(Versions versions) {
        return facts("versions", "Versions of what ran, as the things themselves told them")
                .row("MoE Lab", versions.moelab(), "versions.moelab")
                .row("Commit of sources and kernels", versions.commit(), "versions.commit")
                .row("JDK", versions.java(), "versions.java")
                .row("CUDA of the driver", versions.cuda(), "versions.cuda")
                .row("cuBLASLt", versions.cublasLt(), "versions.cublas_lt")
                .row("CUPTI", versions.cupti(), "versions.cupti").build();
    }

    private static Table model(Model model) {
        return facts("model", "The model's sizes")
                .row("Model", model.name(), "model.name")
                .row("Layers", Unit.COUNT.format(model.layers()), "model.layers")
                .row("Experts a layer, chosen a token", model.experts() + ", " + model.chosen(),
                        "model.experts, .chosen")
                .row("Hidden, intermediate", Unit.COUNT.format(model.hidden()) + ", "
                        + Unit.COUNT.format(model.intermediate()), "model.hidden, .intermediate")
                .row("Vocabulary", Unit.COUNT.format(model.vocabulary()), "model.vocabulary")
                .row("Query heads, key-value heads, head size",
                        model.queryHeads() + ", " + model.kvHeads() + ", " + model.headSize(),
                        "model.query_heads, .kv_heads, .head_size")
                .build();
    }
}
