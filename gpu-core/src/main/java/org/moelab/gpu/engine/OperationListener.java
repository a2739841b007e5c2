package org.moelab.gpu.engine;

import java.util.List;

/// Is told what a session puts into its stream, on the thread that does it: round each step, and within it round each
/// operation, or before the one launch of all. Steps may nest; each [#begin] is followed by its [#end], also where the launch fails.
///
/// It is called between launches, so what it does is time that the GPU may wait.
public interface OperationListener {
    /// Listens to nothing.
    OperationListener NONE = new OperationListener() {
        @Override
        public void beginStep(String name) {
        }

        @Override
        public void endStep() {
        }

        @Override
        public void begin(Operation operation) {
        }

        @Override
        public void end(Operation operation) {
        }

        @Override
        public void replay(List<Operation> work) {
        }
    };

    /// A step begins within the one that is open, if one is. The names of steps of one kind are equal.
    void beginStep(String name);

    /// The innermost open step has been put into the stream.
    void endStep();

    /// An operation is about to be put into the stream.
    void begin(Operation operation);

    /// The operation has been put into the stream; the device may not have begun it.
    void end(Operation operation);

    /// The innermost open step is about to be put into the stream by one launch of a graph, within no operation. Where one
    /// graph holds several steps, they lie in a step of their own, each with its work, and the launch follows the last of
    /// them within that.
    ///
    /// @param work the operation of each kernel, copy and fill of the graph, in the order in which the device does them
    void replay(List<Operation> work);

    /// Tells several listeners: beginnings in this order, ends in the reverse, so that what they open nests.
    static OperationListener of(List<OperationListener> listeners) {
        return switch (listeners.size()) {
            case 0 -> NONE;
            case 1 -> listeners.getFirst();
            default -> new OperationListeners(listeners);
        };
    }
}
