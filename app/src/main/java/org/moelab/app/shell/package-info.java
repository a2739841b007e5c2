/// The window's frame: what is open, what is selected, and where views are placed.
@NullMarked
package org.moelab.app.shell;

import org.jspecify.annotations.NullMarked;
