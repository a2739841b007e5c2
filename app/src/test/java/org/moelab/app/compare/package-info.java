@NullMarked
package org.moelab.app.compare;

import org.jspecify.annotations.NullMarked;
