@NullMarked
package org.moelab.app.inference;

import org.jspecify.annotations.NullMarked;
