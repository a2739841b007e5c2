package org.moelab.gpu.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/// A checkpoint folder, open: the sizes, and the weights mapped into memory, in Hugging Face or original layout, in one
/// file or several. Opening checks that every tensor of the model is there, whole, of the right shape and type.
///
/// The weights are valid until the checkpoint is closed.
public final class Checkpoint implements AutoCloseable {
    static final String INDEX = "model.safetensors.index.json";
    static final String SINGLE = "model.safetensors";
    private static final int NAMED_PROBLEMS = 3;

    private final Path folder;
    private final MoeConfig config;
    private final CheckpointLayout layout;
    private final Map<String, Placed> tensors;
    private final Arena arena;

    private record Placed(Tensor tensor, Path file) {}

    private Checkpoint(Path folder, MoeConfig config, CheckpointLayout layout, Map<String, Placed> tensors,
            Arena arena) {
        this.folder = folder;
        this.config = config;
        this.layout = layout;
        this.tensors = tensors;
        this.arena = arena;
    }

    /// Opens a folder.
    ///
    /// @throws CheckpointException where it is no checkpoint of a model that the lab runs, or is not whole
    @SuppressWarnings("MustBeClosedChecker") // the checkpoint closes the arena
    public static Checkpoint open(Path folder) throws CheckpointException {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, Files.exists(folder) ? "is not a folder" : "no such folder");
        }
        MoeConfig config = ConfigJson.read(folder);
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try {
            Map<String, Placed> tensors = new HashMap<>();
            for (Path file : files(folder)) {
                for (Tensor tensor : SafetensorsFile.open(file, arena).tensors().values()) {
                    Placed other = tensors.put(tensor.name(), new Placed(tensor, file));
                    if (other != null) {
                        throw new CheckpointException(file, "tensor " + tensor.name() + " is also in "
                                + other.file().getFileName());
                    }
                }
            }
            CheckpointLayout layout = layout(folder, tensors);
            requireWhole(folder, layout.tensors(config), tensors);
            opened = true;
            return new Checkpoint(folder, config, layout, tensors, arena);
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /// The folder.
    public Path folder() {
        return folder;
    }

    /// The model's sizes.
    public MoeConfig config() {
        return config;
    }

    /// How the tensors are named.
    public CheckpointLayout layout() {
        return layout;
    }

    /// The weights, by what they are.
    public MoeWeights weights() {
        return layout.weights(config, name -> placed(name).tensor());
    }

    /// Reads every number and every scale, which a damaged file may spoil without changing a shape.
    ///
    /// @throws CheckpointException where one is infinite or not a number
    public void requireFinite() throws CheckpointException {
        for (TensorSpec spec : layout.tensors(config)) {
            Tensor tensor = placed(spec.name()).tensor();
            boolean scales = spec.packed() && spec.name().endsWith("scales");
            if (spec.packed() && !scales) {
                continue; // every code is a number
            }
            OptionalLong spoiled = scales ? NonFinite.scale(tensor.data()) : NonFinite.number(tensor);
            if (spoiled.isPresent()) {
                throw new CheckpointException(placed(spec.name()).file(),
                        "tensor " + spec.name() + ": " + (scales ? "scale " : "number ") + spoiled.getAsLong()
                                + " is not finite");
            }
        }
    }

    private Placed placed(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// A tensor by the file's own name.
    public Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name)).map(Placed::tensor);
    }

    @Override
    public void close() {
        arena.close();
    }

    /// The files that hold the tensors: those of the index, or the one usual file.
    private static SequencedSet<Path> files(Path folder) throws CheckpointException {
        SequencedSet<Path> files = new LinkedHashSet<>();
        Path index = folder.resolve(INDEX);
        if (Files.isRegularFile(index)) {
            JsonNode map = SafetensorsFile.readJson(index).path("weight_map");
            for (JsonNode value : map) {
                Path file = folder.resolve(value.asString("")).normalize();
                if (!folder.normalize().equals(file.getParent())) {
                    throw new CheckpointException(index, "weight_map: " + value + " is no file in this folder");
                }
                files.add(file);
            }
            if (files.isEmpty()) {
                throw new CheckpointException(index, "weight_map: names no file");
            }
        } else if (Files.isRegularFile(folder.resolve(SINGLE))) {
            files.add(folder.resolve(SINGLE));
        } else {
            throw new CheckpointException(folder, "holds neither " + SINGLE + " nor " + INDEX + other(folder));
        }
        return files;
    }

    /// Weights in another form, which are worth naming.
    private static String other(Path folder) throws CheckpointException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".bin") || name.endsWith(".gguf") || name.endsWith(".pth")).sorted()
                    .findFirst().map(name -> "; " + name + " is in a form that the lab does not read").orElse("");
        } catch (IOException e) {
            throw new CheckpointException(folder, "cannot be listed: " + e.getMessage(), e);
        }
    }

    private static CheckpointLayout layout(Path folder, Map<String, Placed> tensors) throws CheckpointException {
        return Stream.of(CheckpointLayout.values()).filter(layout -> tensors.containsKey(layout.marker())).findFirst()
                .orElseThrow(() -> new CheckpointException(folder, "has neither " + String.join(" nor ",
                        Stream.of(CheckpointLayout.values()).map(CheckpointLayout::marker).toList())));
    }

    private static void requireWhole(Path folder, List<TensorSpec> specs, Map<String, Placed> tensors)
            throws CheckpointException {
        List<String> problems = new ArrayList<>();
        for (TensorSpec spec : specs) {
            Placed placed = tensors.get(spec.name());
            String problem = placed == null
                    ? spec.name() + " is missing"
                    : spec.mismatch(placed.tensor(), String.valueOf(placed.file().getFileName()));
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
        }
        if (!problems.isEmpty()) {
            int named = Math.min(NAMED_PROBLEMS, problems.size());
            String more = problems.size() > named ? ", and " + (problems.size() - named) + " more" : "";
            throw new CheckpointException(folder, String.join(", ", problems.subList(0, named)) + more);
        }
    }
}
