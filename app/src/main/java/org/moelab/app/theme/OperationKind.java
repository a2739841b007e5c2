package org.moelab.app.theme;

/// The families of work that keep their colour in every view, in the legend's order.
public enum OperationKind {
    ATTENTION("attention"), EXPERT_MATMUL("expert matmul"), DENSE_MATMUL("dense matmul"), ROUTER(
            "router and sort"), ELEMENTWISE("norm and elementwise"), UNEMBEDDING("unembedding and sampling"), MEMORY(
                    "memory copy"), COMMUNICATION("communication"), CALL("runtime call"), IDLE("idle");

    private final String label;

    OperationKind(String label) {
        this.label = label;
    }

    /// The name in legends and in the palette.
    public String label() {
        return label;
    }
}
