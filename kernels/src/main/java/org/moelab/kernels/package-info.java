/// What the kernels jar holds: fatbins and sources as resources, and the manifest that describes them.
@NullMarked
package org.moelab.kernels;

import org.jspecify.annotations.NullMarked;
