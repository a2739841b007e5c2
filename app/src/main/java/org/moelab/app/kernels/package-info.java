/// The table of kernels: sums by name, filtered and sorted, and the profiled kernels of a kernel report.
@NullMarked
package org.moelab.app.kernels;

import org.jspecify.annotations.NullMarked;
