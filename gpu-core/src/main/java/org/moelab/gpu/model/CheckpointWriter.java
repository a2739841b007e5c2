package org.moelab.gpu.model;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Unit;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes a model as a checkpoint that this and other implementations load: `config.json`, and the weights in one file or,
/// where they are larger than a shard, in several with their index.
public final class CheckpointWriter {
    /// The size of a shard that transformers' own writer uses.
    public static final long USUAL_SHARD_BYTES = 5_000_000_000L;

    private CheckpointWriter() {
    }

    /// Writes a checkpoint into a folder, which appears when it is complete.
    ///
    /// @param folder the folder to make, in one that exists; it may exist where it is empty
    /// @param shardBytes how large a file may grow; a tensor that is larger has one to itself
    /// @param monitor hears of progress, and may stop it
    /// @throws IOException where there is something already, or the disk is full, or the folder cannot be written;
    ///         nothing is left behind
    /// @throws java.util.concurrent.CancellationException where the monitor stops it; nothing is left behind
    public static void write(Path folder, MoeConfig config, CheckpointLayout layout, long shardBytes,
            TensorSource source, ImportMonitor monitor) throws IOException {
        List<TensorSpec> specs = layout.tensors(config);
        Path target = folder.toAbsolutePath().normalize();
        requireRoom(folder, target, specs.stream().mapToLong(TensorSpec::bytes).sum());
        Path partial = target.resolveSibling(
                "." + target.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        try {
            Files.createDirectory(partial);
            writeFiles(partial, config, specs, shardBytes, source, monitor);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) { // such as a full disk, of which Java does not say where
            FileSystemException named = new FileSystemException(folder.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        } finally {
            delete(partial);
        }
    }

    private static void requireRoom(Path folder, Path target, long bytes) throws IOException {
        if (Files.exists(target) && !(Files.isDirectory(target) && isEmpty(target))) {
            throw new FileSystemException(folder.toString(), null, "is there already, and not an empty folder");
        }
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder: " + parent);
        }
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < bytes) {
            throw new FileSystemException(folder.toString(), null, "needs " + Unit.BYTES.format((double) bytes)
                    + ", and " + Unit.BYTES.format((double) free) + " are free there");
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void writeFiles(Path folder, MoeConfig config, List<TensorSpec> specs, long shardBytes,
            TensorSource source, ImportMonitor monitor) throws IOException {
        List<List<TensorSpec>> shards = shards(specs, shardBytes);
        SequencedMap<String, String> places = new LinkedHashMap<>();
        long total = specs.stream().mapToLong(TensorSpec::bytes).sum();
        AtomicLong done = new AtomicLong();
        for (int i = 0; i < shards.size(); i++) {
            String name = shards.size() == 1
                    ? Checkpoint.SINGLE
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), source, bytes -> {
                monitor.checkCancelled();
                monitor.update((double) done.addAndGet(bytes) / total, "writing");
            });
            shards.get(i).forEach(spec -> places.put(spec.name(), name));
        }
        if (shards.size() > 1) {
            SequencedMap<String, Object> index = new LinkedHashMap<>();
            index.put("metadata", Map.of("total_size", total));
            index.put("weight_map", places);
            Files.write(folder.resolve(Checkpoint.INDEX), JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsBytes(index));
        }
        Files.write(folder.resolve(ConfigJson.FILE), ConfigJson.write(config));
        Files.write(folder.resolve(ConfigJson.GENERATION), ConfigJson.writeGeneration(config));
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
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
