package org.moelab.gpu.doctor;

/// How a check came out.
public enum CheckStatus {
    /// It is there and usable.
    FOUND,
    /// It is there, but something cannot be done with it.
    DEGRADED,
    /// It is not there.
    ABSENT
}
