package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class OperationListenerTest {
    private static final Operation OPERATION = new Operation("embedding", "norm and elementwise", "embed_tokens",
            List.of(), _ -> 0, _ -> 0, true, (_, _) -> {
            });

    private final List<String> told = new ArrayList<>();

    @Test
    void several_areTold_nested() {
        tell(OperationListener.of(List.of(listener("a"), listener("b"))));
        assertThat(told).containsExactly("a step decode", "b step decode", "a begin embedding", "b begin embedding",
                "b end embedding", "a end embedding",
                "a replay 1", "b replay 1", "b step end", "a step end");
    }

    @Test
    void oneOrNone_areNotWrapped() {
        OperationListener one = listener("a");
        assertThat(OperationListener.of(List.of(one))).isSameAs(one);
        assertThat(OperationListener.of(List.of())).isSameAs(OperationListener.NONE);
        tell(OperationListener.NONE);
        assertThat(told).isEmpty();
    }

    private static void tell(OperationListener listener) {
        listener.beginStep("decode");
        listener.begin(OPERATION);
        listener.end(OPERATION);
        listener.replay(List.of(OPERATION));
        listener.endStep();
    }

    private OperationListener listener(String name) {
        return new OperationListener() {
            @Override
            public void beginStep(String step) {
                told.add(name + " step " + step);
            }

            @Override
            public void endStep() {
                told.add(name + " step end");
            }

            @Override
            public void begin(Operation operation) {
                told.add(name + " begin " + operation.name());
            }

            @Override
            public void end(Operation operation) {
                told.add(name + " end " + operation.name());
            }

            @Override
            public void replay(List<Operation> work) {
                told.add(name + " replay " + work.size());
            }
        };
    }
}
