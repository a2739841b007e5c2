@NullMarked
package org.moelab.traces.kineto;

import org.jspecify.annotations.NullMarked;
