@NullMarked
package org.moelab.app.layers;

import org.jspecify.annotations.NullMarked;
