package org.moelab.app.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;

/// A layer of a run with other techniques than it had: what a person would like to see measured.
///
/// @param layer by id
/// @param changed techniques to leave out where the layer has them, to add where it does not, by id
public record Proposal(String layer, Set<String> changed) {
    public Proposal {
        changed = Set.copyOf(changed);
    }

    /// What would run, in a few words: `layer 6 without fp8`.
    public String words(Catalogue catalogue) {
        List<String> words = new ArrayList<>(List.of(StoredRun.layerName(layer)));
        words.addAll(change("with", Technique.Status.ON_REQUEST, catalogue));
        words.addAll(change("without", Technique.Status.DONE, catalogue));
        return String.join(" ", words);
    }

    private List<String> change(String word, Technique.Status status, Catalogue catalogue) {
        List<String> ids = new TreeSet<>(changed).stream()
                .filter(id -> catalogue.find(id).filter(t -> t.status() == status).isPresent()).toList();
        return ids.isEmpty() ? List.of() : List.of(word, String.join(", ", ids));
    }
}
