/// A run directory as it was read, and what follows from its figures. Needs no toolkit.
@NullMarked
package org.moelab.app.run;

import org.jspecify.annotations.NullMarked;
