@NullMarked
package org.moelab.app.language;

import org.jspecify.annotations.NullMarked;
