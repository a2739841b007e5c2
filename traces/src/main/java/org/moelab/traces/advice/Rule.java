package org.moelab.traces.advice;

import java.util.List;

/// Looks at a timeline for one thing that costs time. Stateless.
@FunctionalInterface
interface Rule {
    /// What is found; nothing where there is nothing to say, or where the timeline lacks what the rule needs.
    List<Finding> look(Observed timeline);
}
