@NullMarked
package org.moelab.app.timeline;

import org.jspecify.annotations.NullMarked;
