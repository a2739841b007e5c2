/// Reports: a run directory, or two, as one document that is handed on.
@NullMarked
package org.moelab.app.report;

import org.jspecify.annotations.NullMarked;
