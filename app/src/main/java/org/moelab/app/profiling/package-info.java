/// Profilers round single layers: what to record, the programs started for it, and what they left.
@NullMarked
package org.moelab.app.profiling;

import org.jspecify.annotations.NullMarked;
