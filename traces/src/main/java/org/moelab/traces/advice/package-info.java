/// Advice: rules over a recording, each finding with the figures and events that it follows from.
@NullMarked
package org.moelab.traces.advice;

import org.jspecify.annotations.NullMarked;
