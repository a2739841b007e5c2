package org.moelab.traces.compare;

import java.util.List;

import org.moelab.traces.model.EventKind;

/// A recording's device work in groups, by the start of the first piece of each.
///
/// @param groups every piece of work belongs to exactly one
/// @param steps how many steps the recording has
record Work(List<Group> groups, int steps) {
    Work {
        groups = List.copyOf(groups);
    }

    /// The work of one kind and name in one range.
    ///
    /// @param id its index
    /// @param path the ranges around it, empty where there are none
    /// @param shape grid and block of its first piece, empty where unknown
    /// @param spent what it took
    /// @param before the group of the piece before its first one on the same stream, -1 where there is none
    /// @param after the group of the piece after its first one, -1 where there is none
    /// @param launches the profiled kernels in it, by index; empty for a timeline
    record Group(int id, String name, EventKind kind, String path, String shape, Spent spent, int before, int after,
            List<Integer> launches) {
        Group {
            launches = List.copyOf(launches);
        }
    }
}
