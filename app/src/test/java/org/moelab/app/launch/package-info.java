@NullMarked
package org.moelab.app.launch;

import org.jspecify.annotations.NullMarked;
