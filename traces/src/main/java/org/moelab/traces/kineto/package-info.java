/// The importer of what the PyTorch profiler writes, and of Chrome traces in general.
///
/// The text is read by a tokenizer of its own over bytes: no tree of nodes and no object an event is made.
@NullMarked
package org.moelab.traces.kineto;

import org.jspecify.annotations.NullMarked;
