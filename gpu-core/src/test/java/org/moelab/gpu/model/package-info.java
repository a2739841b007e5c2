/// Tests of models and checkpoints.
@NullMarked
package org.moelab.gpu.model;

import org.jspecify.annotations.NullMarked;
