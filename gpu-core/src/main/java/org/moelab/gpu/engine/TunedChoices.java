package org.moelab.gpu.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was chosen by timing: in this process, and before it on the same ground. One thread at a time.
final class TunedChoices {
    private final TuningFile file;
    private final Map<Key, TunedChoice> known = new LinkedHashMap<>();
    private final Map<Key, TunedChoice> used = new LinkedHashMap<>();
    private boolean read;

    /// The same question among other candidates is another one.
    private record Key(String question, List<String> names) {
        static Key of(TunedChoice choice) {
            return new Key(choice.question(), choice.names());
        }
    }

    TunedChoices(TuningFile file) {
        this.file = file;
    }

    /// The choice among these candidates, if they were timed; it counts as used.
    Optional<TunedChoice> find(String question, List<String> names) {
        if (!read) {
            read = true;
            file.read().forEach(choice -> known.put(Key.of(choice), choice));
        }
        Optional<TunedChoice> found = Optional.ofNullable(known.get(new Key(question, names)));
        found.ifPresent(choice -> used.put(Key.of(choice), choice));
        return found;
    }

    /// Keeps a choice, beside what others have kept meanwhile, in place of one among as many candidates that the library no
    /// longer names so; it counts as used.
    void keep(TunedChoice choice) {
        file.read().forEach(other -> known.putIfAbsent(Key.of(other), other));
        known.keySet().removeIf(key -> key.question.equals(choice.question())
                && key.names.size() == choice.candidates().size());
        known.put(Key.of(choice), choice);
        used.put(Key.of(choice), choice);
        file.write(known.values());
    }

    /// Those that were used in this process, in the order of their first use.
    List<TunedChoice> used() {
        Collection<TunedChoice> all = used.values();
        return List.copyOf(all);
    }
}
