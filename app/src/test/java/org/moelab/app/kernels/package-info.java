@NullMarked
package org.moelab.app.kernels;

import org.jspecify.annotations.NullMarked;
