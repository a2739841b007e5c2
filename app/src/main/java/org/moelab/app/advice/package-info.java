/// The page of advice: what rules found in a run and in a recording.
@NullMarked
package org.moelab.app.advice;

import org.jspecify.annotations.NullMarked;
