/// Runs that are started from the window: what is asked for, the process that does it, and how it goes.
@NullMarked
package org.moelab.app.launch;

import org.jspecify.annotations.NullMarked;
