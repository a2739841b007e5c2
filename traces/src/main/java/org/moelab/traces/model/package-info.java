/// The trace model: immutable columns of events, their tracks, strings and summaries.
@NullMarked
package org.moelab.traces.model;

import org.jspecify.annotations.NullMarked;
