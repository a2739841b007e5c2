package org.moelab.app.report.document;

/// How a figure is known.
public enum Basis {
    /// By a clock, a counter or a comparison, as the source says.
    MEASURED("measured"),
    /// From the shapes of the work and the ceilings of the machine: not measured.
    ANALYTIC("analytic"),
    /// By a formula from figures that were measured.
    COMPUTED("computed from measured figures"),
    /// Said of the run by what ran it: settings, versions, the catalogue.
    RECORDED("recorded");

    private final String label;

    Basis(String label) {
        this.label = label;
    }

    /// The words for people.
    public String label() {
        return label;
    }
}
