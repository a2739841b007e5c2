package org.moelab.traces.kineto;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the process that drives each device where several could: the one whose calls carry most of the correlation ids
/// of the device's work.
final class DeviceVote {
    /// Work looked at a device and block; a majority shows early.
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
        int[] taken = new int[part.rows().size()];
        for (int i = 0; i < part.events().size(); i++) {
            int row = part.events().track(i);
            long correlation = part.events().correlation(i);
            if (correlation >= 0 && part.rows().get(row).row() == Row.STREAM && taken[row]++ < SAMPLE) {
                wanted.computeIfAbsent(correlation, _ -> new java.util.ArrayList<>())
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
