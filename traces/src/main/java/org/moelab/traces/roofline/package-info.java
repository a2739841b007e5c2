/// Rooflines: what kernels did and moved, against what the machine can do. After Williams, Waterman and Patterson,
/// "Roofline: An Insightful Visual Performance Model", CACM 52(4), 2009.
@NullMarked
package org.moelab.traces.roofline;

import org.jspecify.annotations.NullMarked;
