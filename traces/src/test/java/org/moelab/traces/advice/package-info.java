@NullMarked
package org.moelab.traces.advice;

import org.jspecify.annotations.NullMarked;
