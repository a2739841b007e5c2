/// What the machine offers outside the GPU: environment, folders, programs.
@NullMarked
package org.moelab.gpu.host;

import org.jspecify.annotations.NullMarked;
