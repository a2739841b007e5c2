/// One layer of a run by its figures: times, what its experts were sent, its cache, and how far its operations are from their
/// floors.
@NullMarked
package org.moelab.app.inference;

import org.jspecify.annotations.NullMarked;
