@NullMarked
package org.moelab.app.report;

import org.jspecify.annotations.NullMarked;
