/// The window: what is open, the actions, and where views are placed.
@NullMarked
package org.moelab.app.shell;

import org.jspecify.annotations.NullMarked;
