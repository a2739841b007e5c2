/// Tests of the Nsight Compute importer and its reports.
@NullMarked
package org.moelab.traces.ncu;

import org.jspecify.annotations.NullMarked;
