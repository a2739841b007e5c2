@NullMarked
package org.moelab.app.expectation;

import org.jspecify.annotations.NullMarked;
