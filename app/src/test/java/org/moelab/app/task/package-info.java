@NullMarked
package org.moelab.app.task;

import org.jspecify.annotations.NullMarked;
