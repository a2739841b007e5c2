@NullMarked
package org.moelab.app.export;

import org.jspecify.annotations.NullMarked;
