@NullMarked
package org.moelab.traces.compare;

import org.jspecify.annotations.NullMarked;
