package org.moelab.gpu.bench;

import java.util.OptionalDouble;

/// What decode and prefill reached alone or beside each other.
///
/// @param model the model
/// @param device where it ran
/// @param layer the layer whose techniques were on
/// @param work what ran
/// @param workload the decode that was run, and how often; prompts of its length, one at a time, are the prefill
/// @param decodeTokensPerSecond new tokens of the batch a second, the median over runs; absent where none ran
/// @param prefillTokensPerSecond prompt tokens a second, the median over runs; absent where none ran
public record BesideRow(String model, String device, String layer, Work work, Workload workload,
        OptionalDouble decodeTokensPerSecond, OptionalDouble prefillTokensPerSecond) {
    /// What ran.
    public enum Work {
        DECODE("decode"), PREFILL("prefill"),
        /// Both at once, of equal priority.
        BOTH("both"),
        /// Both at once, the stream of decode before that of prefill.
        DECODE_FIRST("both, decode first");

        private final String label;

        Work(String label) {
            this.label = label;
        }

        /// For people and files.
        public String label() {
            return label;
        }
    }
}
