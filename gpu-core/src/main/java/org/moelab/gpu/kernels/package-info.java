/// The lab's own kernels, loaded onto a device.
@NullMarked
package org.moelab.gpu.kernels;

import org.jspecify.annotations.NullMarked;
