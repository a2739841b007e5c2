package org.moelab.traces.compare;

import java.util.regex.Pattern;

/// Tells which ranges mark a step: a repetition of the same work.
public final class StepName {
    /// What the PyTorch profiler writes around each step of its schedule.
    private static final Pattern PROFILER = Pattern.compile("ProfilerStep#\\d+");
    /// What people and this lab write: `step`, `step 7`, `decode_step:7`, `iteration 3`, `iter_3`.
    private static final Pattern OTHER = Pattern.compile(
            "(?:(?:train|training|decode|prefill|generate|generation|inference)[ _:.-]*)?"
                    + "(?:step|iteration|iter)[ _#:.-]*\\d*",
            Pattern.CASE_INSENSITIVE);

    private StepName() {
    }

    /// Whether the profiler itself marked a step; where it did, no other range counts as one.
    static boolean isProfilers(String range) {
        return PROFILER.matcher(range).matches();
    }

    /// Whether a range of this name is a step.
    public static boolean isStep(String range) {
        return isProfilers(range) || OTHER.matcher(range).matches();
    }
}
