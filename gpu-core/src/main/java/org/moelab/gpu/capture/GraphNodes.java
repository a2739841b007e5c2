package org.moelab.gpu.capture;

import java.util.Map;
import java.util.Optional;

import org.moelab.gpu.engine.Operation;

/// Which operation each node of the executed CUDA graphs belongs to. A graph is launched by one call, so the call does not
/// tell; what makes a graph fills this table while it puts the operations into it.
///
/// @param operations by CUPTI's id of the node, as `cuptiGetGraphNodeId` gives it for the node that is executed
public record GraphNodes(Map<Long, Operation> operations) {
    /// Where no graphs were launched.
    public static final GraphNodes NONE = new GraphNodes(Map.of());

    public GraphNodes {
        operations = Map.copyOf(operations);
    }

    /// The operation of a node, empty for 0 and for nodes of others' graphs.
    public Optional<Operation> operation(long node) {
        return Optional.ofNullable(operations.get(node));
    }
}
