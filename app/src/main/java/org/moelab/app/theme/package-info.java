/// One palette for controls and charts, dark and light.
@NullMarked
package org.moelab.app.theme;

import org.jspecify.annotations.NullMarked;
