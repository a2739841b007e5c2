/// The command line: one class a verb, and what the verbs share.
@NullMarked
package org.moelab.app.cli;

import org.jspecify.annotations.NullMarked;
