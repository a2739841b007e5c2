package org.moelab.gpu.capture;

import java.util.List;
import java.util.Optional;

import org.moelab.gpu.engine.Operation;

/// A step or an operation as the host put it into the stream. Times are ns on CUPTI's clock.
///
/// @param id the id under which its driver calls were made, from 1
/// @param parent the id of the step that it lies in, 0 at the top
/// @param name the step's or the operation's
/// @param operation what it is, where it is no step
/// @param graph where a graph did it: the operation of each kernel, copy and fill, in the order in which the device does them.
///   Its own call launched the graph, or, where the graph holds several steps, that of the step in which they lie
public record Span(long id, long parent, String name, Optional<Operation> operation, List<Operation> graph,
        long startNs, long endNs) {
    public Span {
        graph = List.copyOf(graph);
    }
}
