@NullMarked
package org.moelab.app.charts;

import org.jspecify.annotations.NullMarked;
