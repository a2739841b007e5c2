/// What a report says, whatever file it becomes: sections of tables, figures and words, each figure with unit and source.
@NullMarked
package org.moelab.app.report.document;

import org.jspecify.annotations.NullMarked;
