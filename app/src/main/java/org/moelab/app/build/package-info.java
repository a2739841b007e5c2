/// Programs of the build. They are not in the jar.
@NullMarked
package org.moelab.app.build;

import org.jspecify.annotations.NullMarked;
