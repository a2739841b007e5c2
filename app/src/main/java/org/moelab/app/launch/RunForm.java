package org.moelab.app.launch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

/// What is to run, as it was typed: [FormCheck] says what is wrong with it.
///
/// @param verb what is done
/// @param model tiny, gpt-oss-20b, gpt-oss-120b or a checkpoint's folder
/// @param device auto, cuda or cpu
/// @param numbers as typed
/// @param layers by id; of an ablation the one that techniques are taken from, or none
/// @param changed techniques, by id: of a run those to leave out, or to add where they are on request; of an ablation those
///        to try
/// @param profile auto, none or minimal
/// @param folder of the results, as typed
public record RunForm(Verb verb, String model, String device, Numbers numbers, Set<String> layers,
        Set<String> changed, String profile, String folder) {
    /// The models that have a name.
    public static final List<String> MODELS = List.of("tiny", "gpt-oss-20b", "gpt-oss-120b");
    /// What a run can be asked to run on.
    public static final List<String> DEVICES = List.of("auto", "cuda", "cpu");
    /// What can be recorded of a run; `auto` is what the machine can.
    public static final List<String> PROFILES = List.of("auto", "none", "minimal");
    private static final Set<Character> PLAIN = characters("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
            + "0123456789-_./,:=+@%");

    public RunForm {
        layers = Set.copyOf(layers);
        changed = Set.copyOf(changed);
    }

    /// What is done.
    public enum Verb {
        /// Layers are measured, one after the other.
        RUN("run"),
        /// Techniques are measured, with and without each in turns.
        ABLATE("ablate");

        private final String word;

        Verb(String word) {
            this.word = word;
        }

        /// As the command line calls it.
        public String word() {
            return word;
        }
    }

    /// The numbers of the workload, as typed.
    ///
    /// @param repeats runs that count; of an ablation pairs of them
    public record Numbers(String batch, String prompt, String generate, String repeats) {}

    private static Set<Character> characters(String text) {
        Set<Character> all = new HashSet<>();
        text.chars().forEach(c -> all.add((char) c));
        return all;
    }

    /// A form to begin with: every layer of the smallest model.
    static RunForm first(Catalogue catalogue, String folder) {
        Set<String> built = new HashSet<>();
        catalogue.layers().stream().filter(catalogue::isBuilt).forEach(layer -> built.add(layer.id()));
        return new RunForm(Verb.RUN, "tiny", "auto", new Numbers("1", "512", "128", "3"), built, Set.of(), "auto",
                folder);
    }

    /// The arguments of the command line that does the same.
    public List<String> arguments(Catalogue catalogue) {
        List<String> all = new ArrayList<>(List.of(verb.word(), "--model", model.strip()));
        switch (verb) {
            case RUN -> {
                all.addAll(List.of("--layers", String.join(",", ordered(catalogue))));
                addList(all, "--with", changedOf(Technique.Status.ON_REQUEST, catalogue));
                addList(all, "--without", changedOf(Technique.Status.DONE, catalogue));
            }
            case ABLATE -> {
                addList(all, "--techniques", new ArrayList<>(new TreeSet<>(changed)));
                addList(all, "--layer", ordered(catalogue));
            }
        }
        all.addAll(List.of("--batch", numbers.batch().strip(), "--prompt", numbers.prompt().strip(), "--generate",
                numbers.generate().strip(), "--repeats", numbers.repeats().strip()));
        if (verb == Verb.RUN) {
            all.addAll(List.of("--device", device));
            if (!profile.equals("auto")) {
                all.addAll(List.of("--profile", profile));
            }
        }
        all.addAll(List.of("-o", folder.strip()));
        return all;
    }

    private static void addList(List<String> arguments, String option, List<String> values) {
        if (!values.isEmpty()) {
            arguments.addAll(List.of(option, String.join(",", values)));
        }
    }

    /// The command line that does the same, for a shell.
    public String commandLine(Catalogue catalogue) {
        List<String> words = new ArrayList<>(List.of("moelab"));
        arguments(catalogue).forEach(argument -> words.add(quoted(argument)));
        return String.join(" ", words);
    }

    private static String quoted(String argument) {
        boolean plain = !argument.isEmpty() && argument.chars().allMatch(c -> PLAIN.contains((char) c));
        return plain ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /// The chosen layers from the lowest up, by id.
    List<String> ordered(Catalogue catalogue) {
        return catalogue.layers().stream().map(Layer::id).filter(layers::contains).toList();
    }

    /// The techniques that are changed and have this status, by id in alphabetical order.
    List<String> changedOf(Technique.Status status, Catalogue catalogue) {
        return new TreeSet<>(changed).stream()
                .filter(id -> catalogue.find(id).filter(t -> t.status() == status).isPresent()).toList();
    }

    /// The techniques that are on in a layer of the run.
    Set<String> techniques(Layer layer, Catalogue catalogue) {
        Set<String> on = new HashSet<>(catalogue.upTo(layer));
        changedOf(Technique.Status.ON_REQUEST, catalogue).stream()
                .filter(id -> catalogue.find(id).filter(t -> t.layer() <= layer.number()).isPresent())
                .forEach(id -> on.addAll(catalogue.alone(id)));
        changedOf(Technique.Status.DONE, catalogue).forEach(on::remove);
        return on;
    }

    /// What the verb calls the parts that it measures, in their order.
    List<String> parts(Catalogue catalogue) {
        List<String> parts = new ArrayList<>();
        switch (verb) {
            case RUN -> catalogue.layers().stream().filter(layer -> layers.contains(layer.id()))
                    .forEach(layer -> parts.add(part(layer, catalogue)));
            case ABLATE -> catalogue.techniques().stream().map(Technique::id).filter(changed::contains).forEach(id -> {
                if (layers.isEmpty()) {
                    parts.add(id + " added");
                }
                parts.add(id + " removed");
            });
        }
        return parts;
    }

    private String part(Layer layer, Catalogue catalogue) {
        List<String> with = changedOf(Technique.Status.ON_REQUEST, catalogue).stream()
                .filter(id -> catalogue.find(id).filter(t -> t.layer() <= layer.number()).isPresent()).toList();
        List<String> without = changedOf(Technique.Status.DONE, catalogue);
        return layer.id() + (with.isEmpty() ? "" : " with " + String.join(",", with))
                + (without.isEmpty() ? "" : " without " + String.join(",", without));
    }

    /// The highest of the chosen layers.
    Optional<Layer> highest(Catalogue catalogue) {
        return catalogue.layers().stream().filter(layer -> layers.contains(layer.id())).reduce((_, last) -> last);
    }

    RunForm withVerb(Verb now) {
        return new RunForm(now, model, device, numbers, layers, changed, profile, folder);
    }

    RunForm withModel(String now) {
        return new RunForm(verb, now, device, numbers, layers, changed, profile, folder);
    }

    RunForm withDevice(String now) {
        return new RunForm(verb, model, now, numbers, layers, changed, profile, folder);
    }

    RunForm withNumbers(Numbers now) {
        return new RunForm(verb, model, device, now, layers, changed, profile, folder);
    }

    RunForm withLayers(Set<String> now) {
        return new RunForm(verb, model, device, numbers, now, changed, profile, folder);
    }

    RunForm withChanged(Set<String> now) {
        return new RunForm(verb, model, device, numbers, layers, now, profile, folder);
    }

    RunForm withProfile(String now) {
        return new RunForm(verb, model, device, numbers, layers, changed, now, folder);
    }

    RunForm withFolder(String now) {
        return new RunForm(verb, model, device, numbers, layers, changed, profile, now);
    }
}
