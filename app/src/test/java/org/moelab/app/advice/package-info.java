@NullMarked
package org.moelab.app.advice;

import org.jspecify.annotations.NullMarked;
