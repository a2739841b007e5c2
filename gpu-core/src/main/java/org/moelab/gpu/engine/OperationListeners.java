package org.moelab.gpu.engine;

import java.util.List;

/// Several listeners as one, see [OperationListener#of].
record OperationListeners(List<OperationListener> inOrder, List<OperationListener> inReverse)
        implements
            OperationListener {
    OperationListeners(List<OperationListener> listeners) {
        this(List.copyOf(listeners), List.copyOf(listeners.reversed()));
    }

    @Override
    public void beginStep(String name) {
        inOrder.forEach(listener -> listener.beginStep(name));
    }

    @Override
    public void endStep() {
        inReverse.forEach(OperationListener::endStep);
    }

    @Override
    public void begin(Operation operation) {
        inOrder.forEach(listener -> listener.begin(operation));
    }

    @Override
    public void end(Operation operation) {
        inReverse.forEach(listener -> listener.end(operation));
    }

    @Override
    public void replay(List<Operation> work) {
        inOrder.forEach(listener -> listener.replay(work));
    }
}
