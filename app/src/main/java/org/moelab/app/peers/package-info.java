/// What other engines' benchmarks measured, read from their files, beside what a run of ours did.
@NullMarked
package org.moelab.app.peers;

import org.jspecify.annotations.NullMarked;
