/// The page of one profiled kernel.
@NullMarked
package org.moelab.app.profile;

import org.jspecify.annotations.NullMarked;
