/// The one selection that every view reads and writes.
@NullMarked
package org.moelab.app.selection;

import org.jspecify.annotations.NullMarked;
