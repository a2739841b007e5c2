@NullMarked
package org.moelab.app.speedup;

import org.jspecify.annotations.NullMarked;
