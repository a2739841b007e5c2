/// Tests of the catalogue.
@NullMarked
package org.moelab.gpu.technique;

import org.jspecify.annotations.NullMarked;
