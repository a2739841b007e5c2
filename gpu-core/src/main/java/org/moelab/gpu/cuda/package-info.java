/// The GPU as resources: the only package that sees JCuda or calls foreign functions.
@NullMarked
package org.moelab.gpu.cuda;

import org.jspecify.annotations.NullMarked;
