/// What runs are expected to measure, from runs before them; whether one is slower than that beyond noise; and what others aim at.
@NullMarked
package org.moelab.app.expectation;

import org.jspecify.annotations.NullMarked;
