/// Pictures of views: what a view draws, and the files it is written to.
@NullMarked
package org.moelab.app.export;

import org.jspecify.annotations.NullMarked;
