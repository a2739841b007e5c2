package org.moelab.traces.advice;

/// How much a finding matters, by the share of the time that it is about.
public enum Severity {
    /// A tenth of the time or more: what is worth looking at first.
    HIGH("high"),
    /// Between a thirtieth and a tenth.
    MEDIUM("medium"),
    /// Less than that, or of a kind that need not cost time at all.
    LOW("low"),
    /// About the recording, not about what ran: what the figures cannot tell.
    NOTE("note");

    /// Above what differs between repeats of a run on a busy machine.
    private static final double HIGH_SHARE = 0.10;
    /// About what repeats of a run differ by.
    private static final double MEDIUM_SHARE = 0.03;

    private final String label;

    Severity(String label) {
        this.label = label;
    }

    /// The word for people and for scripts.
    public String label() {
        return label;
    }

    /// The severity of a share of the time, 0 to 1.
    public static Severity ofShare(double share) {
        return share >= HIGH_SHARE ? HIGH : share >= MEDIUM_SHARE ? MEDIUM : LOW;
    }
}
