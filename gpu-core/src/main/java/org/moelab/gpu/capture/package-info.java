/// Timelines of what a GPU did in a run, recorded through CUPTI and joined with the operations of the plan.
@NullMarked
package org.moelab.gpu.capture;

import org.jspecify.annotations.NullMarked;
