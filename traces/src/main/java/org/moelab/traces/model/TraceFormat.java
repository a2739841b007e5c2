package org.moelab.traces.model;

/// The file formats that recordings come from.
public enum TraceFormat {
    NSYS("Nsight Systems"), NCU("Nsight Compute"), KINETO("PyTorch profiler"), CHROME("Chrome trace"), MOELAB(
            "MoE Lab");

    private final String title;

    TraceFormat(String title) {
        this.title = title;
    }

    /// The producing tool's name as people write it.
    public String title() {
        return title;
    }
}
