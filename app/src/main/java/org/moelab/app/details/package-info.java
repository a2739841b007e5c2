/// What is known of the thing selected, with units, formulas and ways to related things.
@NullMarked
package org.moelab.app.details;

import org.jspecify.annotations.NullMarked;
