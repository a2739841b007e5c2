/// The files that a document becomes: HTML, Markdown, PDF.
@NullMarked
package org.moelab.app.report.format;

import org.jspecify.annotations.NullMarked;
