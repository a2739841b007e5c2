package org.moelab.app.launch;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.moelab.app.launch.RunForm.Verb;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.ModelMemory;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.model.Unit;

/// Finds what keeps a form from running, a line a field.
///
/// @param form what was typed
/// @param catalogue the layers and techniques
/// @param machine what the machine says of its GPU
/// @param sizes of the model
record FormCheck(RunForm form, Catalogue catalogue, Machine machine, ModelSizes sizes) {
    /// What a problem is about.
    enum Field {
        MODEL, DEVICE, BATCH, PROMPT, GENERATE, REPEATS, LAYERS, TECHNIQUES, PROFILE, FOLDER
    }

    /// The problems; none where the form can run.
    Map<Field, String> problems() {
        Map<Field, String> found = new EnumMap<>(Field.class);
        put(found, Field.MODEL, sizes.problem());
        put(found, Field.DEVICE, device());
        numbers(found);
        put(found, Field.LAYERS, layers());
        put(found, Field.TECHNIQUES, techniques());
        put(found, Field.PROFILE, profile());
        put(found, Field.FOLDER, folder());
        return found;
    }

    private static void put(Map<Field, String> found, Field field, Optional<String> problem) {
        problem.ifPresent(line -> found.put(field, line));
    }

    /// Whether the processor's engine is what runs, as far as the machine has told.
    boolean onProcessor() {
        return form.verb() == Verb.RUN && (form.device().equals("cpu")
                || form.device().equals("auto") && machine.state() == Machine.State.NONE);
    }

    private Optional<String> device() {
        boolean noGpu = machine.state() == Machine.State.NONE;
        if (noGpu && form.verb() == Verb.ABLATE) {
            return Optional.of("techniques are tried on a GPU, and this machine has none");
        }
        if (noGpu && form.device().equals("cuda")) {
            return Optional.of("cuda needs an NVIDIA GPU, and this machine has none");
        }
        return onProcessor()
                ? sizes.memory().filter(m -> m.parameters() > CpuEngine.MOST_PARAMETERS)
                        .map(m -> m.model() + " has " + Math.round(m.parameters() / 1e9)
                                + " billion parameters, too many for the CPU engine")
                : Optional.empty();
    }

    private void numbers(Map<Field, String> found) {
        number(found, Field.BATCH, form.numbers().batch());
        OptionalInt prompt = number(found, Field.PROMPT, form.numbers().prompt());
        OptionalInt generate = number(found, Field.GENERATE, form.numbers().generate());
        number(found, Field.REPEATS, form.numbers().repeats());
        if (prompt.isPresent() && generate.isPresent() && sizes.memory().isPresent()) {
            long tokens = (long) prompt.getAsInt() + generate.getAsInt();
            int context = sizes.memory().get().config().contextLength();
            if (tokens > context) {
                found.put(Field.PROMPT, tokens + " tokens do not fit into the model's context of " + context);
            }
        }
    }

    private static OptionalInt number(Map<Field, String> found, Field field, String typed) {
        OptionalInt number = number(typed);
        if (number.isEmpty()) {
            found.put(field, "a whole number from 1 on, not '" + typed.strip() + "'");
        }
        return number;
    }

    /// The whole number from 1 on that was typed; empty where it is none.
    static OptionalInt number(String typed) {
        try {
            int number = Integer.parseInt(typed.strip());
            return number < 1 ? OptionalInt.empty() : OptionalInt.of(number);
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    private Optional<String> layers() {
        List<String> chosen = form.ordered(catalogue);
        if (form.verb() == Verb.ABLATE) {
            return chosen.size() > 1
                    ? Optional.of("one layer to take techniques from, or none to try both ways")
                    : Optional.empty();
        }
        if (chosen.isEmpty()) {
            return Optional.of("choose a layer");
        }
        boolean some = catalogue.layers().stream().filter(l -> chosen.contains(l.id()))
                .anyMatch(l -> form.techniques(l, catalogue).isEmpty());
        return onProcessor() && !some
                ? Optional.of("the CPU engine knows no techniques: choose the baseline")
                : Optional.empty();
    }

    private Optional<String> techniques() {
        if (form.verb() == Verb.ABLATE) {
            return form.changed().isEmpty() ? Optional.of("choose a technique to try") : Optional.empty();
        }
        int highest = form.highest(catalogue).map(l -> l.number()).orElse(Integer.MAX_VALUE);
        return catalogue.techniques().stream()
                .filter(t -> form.changed().contains(t.id()) && t.layer() > highest).findFirst()
                .map(t -> t.id() + " belongs to layer " + t.layer() + ": choose that layer or one above, or "
                        + (t.status() == Technique.Status.DONE ? "put it back" : "do not add it"));
    }

    private Optional<String> profile() {
        return onProcessor() && form.profile().equals("minimal")
                ? Optional.of("the CPU engine has no timeline")
                : Optional.empty();
    }

    private Optional<String> folder() {
        String typed = form.folder().strip();
        if (typed.isEmpty()) {
            return Optional.of("name a folder for the results");
        }
        try {
            Path folder = Path.of(typed).toAbsolutePath();
            String result = form.verb() == Verb.RUN ? RunFile.NAME : AblationFile.NAME;
            if (Files.exists(folder.resolve(result))) {
                return Optional.of("there is a " + result + " already: name another folder");
            }
            Path there = folder;
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            if (!Files.isDirectory(there)) {
                return Optional.of(there + " is no folder");
            }
            return Files.isWritable(there) ? Optional.empty() : Optional.of(there + " cannot be written");
        } catch (InvalidPathException e) {
            return Optional.of("no path: " + e.getMessage());
        }
    }

    /// What the weights and the cache take by the model's sizes, and whether that fits; empty where sizes are not known.
    Optional<String> memory() {
        return sizes.memory().map(m -> onProcessor()
                ? "weights " + text(4 * m.parameters()) + " in fp32" + cache(m)
                : weights(m) + cache(m));
    }

    private String weights(ModelMemory m) {
        List<Need> needs = (form.layers().isEmpty()
                ? List.of(catalogue.top())
                : catalogue.layers().stream().filter(l -> form.layers().contains(l.id())).toList()).stream()
                .flatMap(l -> techniqueSets(l).stream().map(on -> new Need(l.id(), m.weights(on),
                        machine.freeBytes().map(free -> m.fits(on, free)).orElse(true))))
                .toList();
        long least = needs.stream().mapToLong(Need::bytes).min().orElse(0);
        long most = needs.stream().mapToLong(Need::bytes).max().orElse(0);
        List<String> tooLarge = needs.stream().filter(n -> !n.fits()).map(Need::layer).distinct().toList();
        String fits = machine.freeBytes().map(free -> " of " + text(free) + " free"
                + (tooLarge.isEmpty() ? "" : ": no room for " + String.join(", ", tooLarge))).orElse("");
        return "weights " + text(least) + (most > least ? " to " + text(most) + " by layer" : "") + fits;
    }

    /// What is on while a layer is measured; of an ablation with the techniques that are tried, and without them.
    private List<Set<String>> techniqueSets(Layer layer) {
        if (form.verb() == Verb.RUN) {
            return List.of(form.techniques(layer, catalogue));
        }
        Set<String> with = new HashSet<>(catalogue.upTo(layer));
        form.changed().forEach(id -> with.addAll(catalogue.alone(id)));
        Set<String> without = new HashSet<>(with);
        without.removeAll(form.changed());
        return List.of(with, without);
    }

    private record Need(String layer, long bytes, boolean fits) {}

    private String cache(ModelMemory m) {
        OptionalInt batch = number(form.numbers().batch());
        OptionalInt prompt = number(form.numbers().prompt());
        OptionalInt generate = number(form.numbers().generate());
        if (batch.isEmpty() || prompt.isEmpty() || generate.isEmpty()) {
            return "";
        }
        double numbers = 2.0 * m.config().kvWidth() * m.config().layers();
        double tokens = (double) prompt.getAsInt() + generate.getAsInt();
        int bytes = onProcessor() ? 4 : 2;
        return ", cache " + Unit.BYTES.format(numbers * bytes * tokens * batch.getAsInt())
                + (onProcessor() ? " in fp32" : " in bf16") + "; working memory comes on top";
    }

    private static String text(long bytes) {
        return Unit.BYTES.format((double) bytes);
    }
}
