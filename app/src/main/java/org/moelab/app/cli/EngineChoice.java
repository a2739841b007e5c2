package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.ModelMemory;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.WeightSource;

/// An engine on the device that `--device` names, with what it stands on. Closing gives back both.
record EngineChoice(Engine engine, AutoCloseable ground) implements AutoCloseable {
    /// What `--device` takes: `AUTO` is the GPU where it can run the model, else the processor.
    enum Device {
        AUTO, CUDA, CPU
    }

    /// Loads a model.
    ///
    /// @param techniques what is on, for an engine that knows techniques
    /// @throws CommandFailure where the device is not there or the model does not fit
    static EngineChoice load(Device device, WeightSource source, Set<String> techniques) throws CommandFailure {
        String without = "";
        if (device != Device.CPU) {
            try {
                return cuda(source, techniques);
            } catch (CudaUnavailableException e) {
                if (device == Device.CUDA) {
                    throw new CommandFailure("CUDA: " + e.getMessage(), e);
                }
                without = "; CUDA: " + e.getMessage();
            }
        }
        long parameters = new ModelMemory(source.name(), source.config()).parameters();
        if (parameters > CpuEngine.MOST_PARAMETERS) {
            throw new CommandFailure(source.name() + " has " + Math.round(parameters / 1e9)
                    + " billion parameters, too many for the CPU engine" + without);
        }
        return new EngineChoice(new CpuEngine(CpuWeights.of(source)), () -> {
        });
    }

    private static EngineChoice cuda(WeightSource source, Set<String> techniques) throws CudaUnavailableException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        CudaDriver driver = CudaDriver.open(finder);
        if (driver.devices().isEmpty()) {
            throw new CudaUnavailableException("the driver sees no GPU");
        }
        CudaContext context = driver.context(driver.devices().getFirst());
        boolean loaded = false;
        try {
            EngineChoice choice = new EngineChoice(CudaEngine.load(context, finder, source, techniques), context);
            loaded = true;
            return choice;
        } finally {
            if (!loaded) {
                context.close();
            }
        }
    }

    /// Loads a model for the first of these layers that fits on the device.
    ///
    /// @throws CommandFailure where none does
    static EngineChoice load(Device device, WeightSource source, List<LayerOptions.Rung> rungs) throws CommandFailure {
        ModelMemory memory = new ModelMemory(source.name(), source.config());
        long free = device == Device.CPU ? 0 : GpuMemory.look().map(GpuMemory::freeBytes).orElse(0L);
        return load(device, source, rungs.stream().map(LayerOptions.Rung::techniques)
                .filter(techniques -> memory.fits(techniques, free)).findFirst()
                .orElse(rungs.getFirst().techniques()));
    }

    /// The same model with these techniques on, where the engine knows techniques.
    ///
    /// @throws CommandFailure where their weights do not fit beside what is loaded
    Engine with(Set<String> techniques) throws CommandFailure {
        try {
            return engine instanceof CudaEngine cuda ? cuda.with(techniques) : engine;
        } catch (CudaUnavailableException e) {
            throw new CommandFailure("CUDA: " + e.getMessage(), e);
        }
    }

    /// The layers that the engine can run: those whose weights fit on the GPU; the processor's knows no techniques, so that
    /// only the baseline makes sense there. What is left out is told, and which techniques have no effect on this machine.
    ///
    /// @throws CommandFailure where none is left
    List<LayerOptions.Rung> runnable(List<LayerOptions.Rung> rungs, Terminal terminal) throws CommandFailure {
        if (engine instanceof CudaEngine cuda) {
            return fitting(cuda, rungs, terminal);
        }
        List<LayerOptions.Rung> left = rungs.stream().filter(rung -> rung.techniques().isEmpty()).toList();
        if (left.size() < rungs.size()) {
            String line = "the CPU engine knows no techniques and runs the baseline only; left out: "
                    + rungs.stream().filter(rung -> !rung.techniques().isEmpty()).map(LayerOptions.Rung::name)
                            .collect(Collectors.joining(", "));
            if (left.isEmpty()) {
                throw new CommandFailure(line);
            }
            terminal.err().println("moelab: " + line);
        }
        return left;
    }

    private static List<LayerOptions.Rung> fitting(CudaEngine cuda, List<LayerOptions.Rung> rungs,
            Terminal terminal) {
        cuda.lacking().forEach((id, why) -> {
            if (rungs.stream().anyMatch(rung -> rung.techniques().contains(id))) {
                terminal.err().println("moelab: " + id + " has no effect on this machine: " + why);
            }
        });
        Map<String, List<String>> refused = new LinkedHashMap<>();
        List<LayerOptions.Rung> left = new ArrayList<>();
        for (LayerOptions.Rung rung : rungs) {
            cuda.refusal(rung.techniques()).ifPresentOrElse(
                    why -> refused.computeIfAbsent(why, _ -> new ArrayList<>()).add(rung.name()),
                    () -> left.add(rung));
        }
        refused.forEach((why, names) -> terminal.err()
                .println("moelab: left out: " + String.join(", ", names) + ": " + why));
        return left;
    }

    @Override
    public void close() throws CommandFailure {
        engine.close();
        if (ground instanceof CudaContext context) {
            context.close();
        }
    }
}
