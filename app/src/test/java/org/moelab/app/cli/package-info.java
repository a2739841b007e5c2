@NullMarked
package org.moelab.app.cli;

import org.jspecify.annotations.NullMarked;
