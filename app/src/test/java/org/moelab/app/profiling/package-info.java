@NullMarked
package org.moelab.app.profiling;

import org.jspecify.annotations.NullMarked;
