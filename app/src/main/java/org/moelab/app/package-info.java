/// Where MoE Lab starts.
@NullMarked
package org.moelab.app;

import org.jspecify.annotations.NullMarked;
