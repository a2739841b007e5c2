/// Two recordings, or two layers of a run, one against the other: where the time went, group by group of work.
@NullMarked
package org.moelab.app.compare;

import org.jspecify.annotations.NullMarked;
