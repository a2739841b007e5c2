package org.moelab.app.launch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.app.launch.RunForm.Verb;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

/// What is told of each technique beside its switch, for a form.
///
/// @param form what is asked for
/// @param catalogue the layers and techniques
record TechniqueChoices(RunForm form, Catalogue catalogue) {
    /// A technique with its switch.
    ///
    /// @param on whether the switch is on: in a run that the technique is on in the highest chosen layer, in an ablation that
    ///        it is tried
    /// @param possible whether it can be switched
    /// @param state the same in words
    /// @param why what it requires, and why it cannot be switched; empty where there is nothing to tell
    record Choice(Technique technique, boolean on, boolean possible, String state, String why) {}

    /// All techniques, by layer.
    List<Choice> all() {
        return catalogue.techniques().stream().map(this::of).toList();
    }

    private Choice of(Technique technique) {
        boolean changed = form.changed().contains(technique.id());
        if (!technique.isSwitch()) {
            return new Choice(technique, false, changed, technique.status().label(), technique.reason());
        }
        String requires = technique.requires().isEmpty()
                ? ""
                : "requires " + String.join(", ", technique.requires());
        if (form.verb() == Verb.ABLATE) {
            return new Choice(technique, changed, true, changed ? "tried" : "", requires);
        }
        Optional<Layer> highest = form.highest(catalogue);
        if (highest.isEmpty() || technique.layer() > highest.get().number()) {
            return new Choice(technique, false, changed, "from layer " + technique.layer() + " on", requires);
        }
        Set<String> on = form.techniques(highest.get(), catalogue);
        boolean isOn = on.contains(technique.id());
        String missing = technique.requires().stream().filter(id -> isOn && !on.contains(id))
                .collect(Collectors.joining(", "));
        return new Choice(technique, isOn, true, state(technique, isOn, changed),
                missing.isEmpty() ? requires : "no effect: " + missing + " is left out");
    }

    private static String state(Technique technique, boolean on, boolean changed) {
        if (technique.status() == Technique.Status.ON_REQUEST) {
            return changed ? "added" : on ? "on: another requires it" : "on request";
        }
        return changed ? "left out" : "on";
    }
}
