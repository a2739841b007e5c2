@NullMarked
package org.moelab.gpu.capture;

import org.jspecify.annotations.NullMarked;
