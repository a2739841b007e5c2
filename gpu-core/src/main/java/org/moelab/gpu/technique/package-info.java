/// The catalogue of techniques and the ladder of layers that they form.
@NullMarked
package org.moelab.gpu.technique;

import org.jspecify.annotations.NullMarked;
