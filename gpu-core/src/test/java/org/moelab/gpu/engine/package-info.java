/// Tests of the engines.
@NullMarked
package org.moelab.gpu.engine;

import org.jspecify.annotations.NullMarked;
