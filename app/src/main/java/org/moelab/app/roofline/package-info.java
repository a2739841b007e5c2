/// The roofline: kernels under the roofs of a machine.
@NullMarked
package org.moelab.app.roofline;

import org.jspecify.annotations.NullMarked;
