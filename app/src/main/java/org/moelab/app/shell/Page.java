package org.moelab.app.shell;

/// What the middle of the window shows.
public enum Page {
    /// The captured timeline with its kernels.
    TIMELINE("Timeline"),
    /// The ladder and the techniques.
    LAYERS("Layers"),
    /// Where the time went from the lowest layer to the highest.
    SPEEDUP("Speedup"),
    /// The operations under the roofs.
    ROOFLINE("Roofline"),
    /// A layer's figures: times, loads of experts, cache, floors.
    INFERENCE("Inference"),
    /// Two recordings or layers against each other.
    COMPARE("Compare"),
    /// What rules found in what is open.
    ADVICE("Advice"),
    /// One profiled kernel.
    KERNEL("Kernel"),
    /// What is to run, and the run that goes on.
    RUN("Run");

    private final String title;

    Page(String title) {
        this.title = title;
    }

    /// Where the keys of the page go when it is turned to by a key; empty where they go to no part of it.
    String focus() {
        return switch (this) {
            case TIMELINE -> ".timeline-view";
            case LAYERS -> "#ladder";
            case SPEEDUP -> "#operations";
            case INFERENCE -> ".table-view";
            case COMPARE -> "#compare-table";
            case ADVICE -> "#findings";
            case KERNEL -> "#kernel-figures";
            case ROOFLINE, RUN -> "";
        };
    }

    /// What people call it.
    public String title() {
        return title;
    }

    /// Its key with Ctrl, from 1.
    String digit() {
        return Integer.toString(ordinal() + 1);
    }
}
