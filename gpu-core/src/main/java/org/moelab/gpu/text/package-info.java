/// Text as the tokens that models read and write.
@NullMarked
package org.moelab.gpu.text;

import org.jspecify.annotations.NullMarked;
