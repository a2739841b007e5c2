@NullMarked
package org.moelab.app.roofline;

import org.jspecify.annotations.NullMarked;
