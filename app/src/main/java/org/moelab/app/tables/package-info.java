/// What tables of several views have in common.
@NullMarked
package org.moelab.app.tables;

import org.jspecify.annotations.NullMarked;
