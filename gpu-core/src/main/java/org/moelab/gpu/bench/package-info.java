/// Measuring on the device: the ceilings, and later the runs.
@NullMarked
package org.moelab.gpu.bench;

import org.jspecify.annotations.NullMarked;
