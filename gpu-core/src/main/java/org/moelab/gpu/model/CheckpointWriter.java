package org.moelab.gpu.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes a model as a checkpoint that this and other implementations load: `config.json`, and the weights in one file or,
/// where they are larger than a shard, in several with their index.
public final class CheckpointWriter {
    /// The size of a shard that transformers' own writer uses.
    public static final long USUAL_SHARD_BYTES = 5_000_000_000L;

    private CheckpointWriter() {
    }

    /// Writes a checkpoint into a folder, which is made where it is missing.
    ///
    /// @param shardBytes how large a file may grow; a tensor that is larger has one to itself
    /// @throws IOException where the disk is full or the folder cannot be written; no file is left behind
    public static void write(Path folder, MoeConfig config, CheckpointLayout layout, long shardBytes,
            TensorSource source) throws IOException {
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        boolean whole = false;
        try {
            writeFiles(folder, config, layout.tensors(config), shardBytes, source, written);
            whole = true;
        } finally {
            if (!whole) {
                for (Path file : written) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static void writeFiles(Path folder, MoeConfig config, List<TensorSpec> specs, long shardBytes,
            TensorSource source, List<Path> written) throws IOException {
        List<List<TensorSpec>> shards = shards(specs, shardBytes);
        SequencedMap<String, String> places = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String name = shards.size() == 1
                    ? Checkpoint.SINGLE
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            written.add(folder.resolve(name));
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), source);
            shards.get(i).forEach(spec -> places.put(spec.name(), name));
        }
        if (shards.size() > 1) {
            SequencedMap<String, Object> index = new LinkedHashMap<>();
            index.put("metadata", Map.of("total_size", specs.stream().mapToLong(TensorSpec::bytes).sum()));
            index.put("weight_map", places);
            written.add(folder.resolve(Checkpoint.INDEX));
            Files.write(folder.resolve(Checkpoint.INDEX), JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsBytes(index));
        } else {
            // an index of an earlier checkpoint would name other files
            Files.deleteIfExists(folder.resolve(Checkpoint.INDEX));
        }
        // last, because a folder without it is no checkpoint
        written.add(folder.resolve(ConfigJson.FILE));
        Files.write(folder.resolve(ConfigJson.FILE), ConfigJson.write(config));
    }

    private static List<List<TensorSpec>> shards(List<TensorSpec> specs, long shardBytes) {
        List<List<TensorSpec>> shards = new ArrayList<>();
        long filled = 0;
        for (TensorSpec spec : specs) {
            if (shards.isEmpty() || filled + spec.bytes() > shardBytes) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.getLast().add(spec);
            filled += spec.bytes();
        }
        return shards;
    }
}
