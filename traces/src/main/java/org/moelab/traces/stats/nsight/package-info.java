/// Reports with the names, columns and definitions of `nsys stats`, for timelines of any format.
@NullMarked
package org.moelab.traces.stats.nsight;

import org.jspecify.annotations.NullMarked;
