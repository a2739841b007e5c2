@NullMarked
package org.moelab.app.run;

import org.jspecify.annotations.NullMarked;
