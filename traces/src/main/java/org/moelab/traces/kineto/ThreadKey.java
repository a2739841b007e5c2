package org.moelab.traces.kineto;

/// A thread or stream as the file names it.
record ThreadKey(RowKey.Id pid, RowKey.Id tid) {}
