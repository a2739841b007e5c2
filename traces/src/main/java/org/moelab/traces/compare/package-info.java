/// Two recordings against each other: kernels and ranges matched, differences that sum exactly to the whole difference.
@NullMarked
package org.moelab.traces.compare;

import org.jspecify.annotations.NullMarked;
