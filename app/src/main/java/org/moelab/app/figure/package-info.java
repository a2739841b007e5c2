/// Figures on the screen, and what they are drawn with.
@NullMarked
package org.moelab.app.figure;

import org.jspecify.annotations.NullMarked;
