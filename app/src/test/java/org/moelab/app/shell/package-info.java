@NullMarked
package org.moelab.app.shell;

import org.jspecify.annotations.NullMarked;
