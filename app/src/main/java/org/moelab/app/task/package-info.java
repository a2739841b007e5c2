/// Long work off the JavaFX thread: progress, cancelling, and results that come too late.
@NullMarked
package org.moelab.app.task;

import org.jspecify.annotations.NullMarked;
