package org.moelab.traces.kineto;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the process that drives each device where several could: the one whose calls carry most of the correlation ids
/// of the device's work.
final class DeviceVote {
    /// Work looked at, about, of a row and block; spread over the whole, because the launches of the first may be cut off.
    private static final int SAMPLE = 1000;

    private final Map<RowKey.Id, Map<RowKey.Id, Integer>> votes = new HashMap<>();

    DeviceVote(List<Placed> parts) {
        Map<Long, List<RowKey.Id>> wanted = new HashMap<>();
        for (Placed part : parts) {
            sample(part, wanted);
        }
        for (Placed part : parts) {
            count(part, wanted);
        }
    }

    private static void sample(Placed part, Map<Long, List<RowKey.Id>> wanted) {
        int[] counts = new int[part.rows().size()];
        for (int i = 0; i < part.events().size(); i++) {
            counts[part.events().track(i)]++;
        }
        int[] seen = new int[counts.length];
        for (int i = 0; i < part.events().size(); i++) {
            int row = part.events().track(i);
            long correlation = part.events().correlation(i);
            boolean looked = part.rows().get(row).row().onDevice() && seen[row]++ % (counts[row] / SAMPLE + 1) == 0;
            if (looked && correlation >= 0) {
                wanted.computeIfAbsent(correlation, _ -> new ArrayList<>())
                        .add(part.rows().get(row).thread().pid());
            }
        }
    }

    private void count(Placed part, Map<Long, List<RowKey.Id>> wanted) {
        for (int i = 0; i < part.events().size(); i++) {
            RowKey key = part.rows().get(part.events().track(i));
            if (key.row() == Row.CALLS) {
                for (RowKey.Id device : wanted.getOrDefault(part.events().correlation(i), List.of())) {
                    votes.computeIfAbsent(device, _ -> new HashMap<>()).merge(key.thread().pid(), 1, Integer::sum);
                }
            }
        }
    }

    /// The winner for each device that got a vote.
    Map<RowKey.Id, RowKey.Id> owners() {
        Map<RowKey.Id, RowKey.Id> owners = new HashMap<>();
        votes.forEach((device, counts) -> counts.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry<RowKey.Id, Integer>::getValue))
                .ifPresent(winner -> owners.put(device, winner.getKey())));
        return owners;
    }
}
