/// Asks a language model what it makes of findings. What is sent is text made here and shown to the person first, nothing else;
/// what comes back is a text by a machine, never a measurement.
@NullMarked
package org.moelab.app.language;

import org.jspecify.annotations.NullMarked;
