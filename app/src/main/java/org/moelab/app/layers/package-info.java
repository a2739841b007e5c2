/// The ladder of a run: what each layer brought, and by which techniques.
@NullMarked
package org.moelab.app.layers;

import org.jspecify.annotations.NullMarked;
