/// The timeline: rows of a trace over time, prepared as frames and painted into pixels or pictures.
@NullMarked
package org.moelab.app.timeline;

import org.jspecify.annotations.NullMarked;
