@NullMarked
package org.moelab.app.theme;

import org.jspecify.annotations.NullMarked;
