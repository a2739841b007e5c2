/// Models: their sizes, their checkpoints, their packed numbers.
@NullMarked
package org.moelab.gpu.model;

import org.jspecify.annotations.NullMarked;
