/// Running a model: one interface, a reference implementation on the processor and one on the GPU.
@NullMarked
package org.moelab.gpu.engine;

import org.jspecify.annotations.NullMarked;
