/// Reports: pure functions of a recording, with the columns of the reference tools.
@NullMarked
package org.moelab.traces.stats;

import org.jspecify.annotations.NullMarked;
