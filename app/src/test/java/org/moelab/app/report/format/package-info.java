@NullMarked
package org.moelab.app.report.format;

import org.jspecify.annotations.NullMarked;
