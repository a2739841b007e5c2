/// Tests of the Nsight Systems importer on databases that they make themselves.
@NullMarked
package org.moelab.traces.nsys;

import org.jspecify.annotations.NullMarked;
