package org.moelab.traces.advice;

import java.util.Map;

/// A time in which a device did nothing, between two pieces of its work.
///
/// @param fromNs end of the work before
/// @param toNs start of the work behind
/// @param next the event that ends it
/// @param cause when the host launched that
/// @param blockedNs the part in which the thread that launched it was held up in a call, by kind of call
/// @param blocking the call of these that took the most of it, or -1
record Gap(long fromNs, long toNs, int next, Cause cause, Map<BlockingCall, Long> blockedNs, int blocking) {
    /// When the host launched the work that ends a gap.
    enum Cause {
        /// Its launch began after the device had run dry: the device waited for the host.
        LATE,
        /// Its launch had begun before: the device waited for itself.
        QUEUED,
        /// The recording does not tell.
        UNKNOWN
    }

    Gap {
        blockedNs = Map.copyOf(blockedNs);
    }

    long lengthNs() {
        return toNs - fromNs;
    }

    /// The part in which the host was not held up.
    long freeNs() {
        return lengthNs() - blockedNs.values().stream().mapToLong(Long::longValue).sum();
    }
}
