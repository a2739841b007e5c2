@NullMarked
package org.moelab.app.details;

import org.jspecify.annotations.NullMarked;
