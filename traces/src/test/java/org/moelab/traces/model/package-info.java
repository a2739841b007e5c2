/// Tests of the store.
@NullMarked
package org.moelab.traces.model;

import org.jspecify.annotations.NullMarked;
