package org.moelab.traces.kineto;

import org.moelab.traces.model.Locus;

/// Where events lie, as the file names it, before tracks are made of it.
///
/// @param thread the process and thread, or the device and stream
/// @param row what of it
/// @param device `args.device`, or the device of an allocation, [Locus#NONE] where the file does not tell
/// @param context `args.context`, [Locus#NONE] where the file does not tell
/// @param stream `args.stream`, [Locus#NONE] where the file does not tell
record RowKey(ThreadKey thread, Row row, int device, long context, long stream) {
    /// A `pid` or `tid`.
    sealed interface Id {
        /// A number, also where the file quotes it.
        record Numeric(long value) implements Id {
            @Override
            public String toString() {
                return Long.toString(value);
            }
        }

        /// Anything else.
        record Named(String text) implements Id {
            @Override
            public String toString() {
                return text;
            }
        }
    }
}
