/// Where a run's time went from the first layer to the last, and which operations gained.
@NullMarked
package org.moelab.app.speedup;

import org.jspecify.annotations.NullMarked;
