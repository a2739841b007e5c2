/// Builds what the jar holds; not part of the jar.
@NullMarked
package org.moelab.kernels.build;

import org.jspecify.annotations.NullMarked;
