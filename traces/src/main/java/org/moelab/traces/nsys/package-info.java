/// Reading Nsight Systems captures: SQLite exports of every version, and reports through `nsys export`.
@NullMarked
package org.moelab.traces.nsys;

import org.jspecify.annotations.NullMarked;
