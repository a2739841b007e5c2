/// Writes what the lab knows into files that other tools open: report tables as CSV, JSON and text, traces as Chrome
/// traces and CSV. A file is either written whole or not at all.
@NullMarked
package org.moelab.traces.export;

import org.jspecify.annotations.NullMarked;
