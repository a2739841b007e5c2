/// Charts of what the recordings hold, on screen and as pictures.
@NullMarked
package org.moelab.app.charts;

import org.jspecify.annotations.NullMarked;
