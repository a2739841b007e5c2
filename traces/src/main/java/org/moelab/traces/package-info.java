/// Opening recordings: the importer interface and the choice of importer by content.
@NullMarked
package org.moelab.traces;

import org.jspecify.annotations.NullMarked;
