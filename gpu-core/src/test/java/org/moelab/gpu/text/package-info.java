@NullMarked
package org.moelab.gpu.text;

import org.jspecify.annotations.NullMarked;
