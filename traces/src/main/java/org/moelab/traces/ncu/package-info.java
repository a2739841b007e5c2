/// Nsight Compute: reading its reports and CSV pages, and the tables made of them.
@NullMarked
package org.moelab.traces.ncu;

import org.jspecify.annotations.NullMarked;
