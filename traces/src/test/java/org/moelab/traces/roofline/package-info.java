@NullMarked
package org.moelab.traces.roofline;

import org.jspecify.annotations.NullMarked;
