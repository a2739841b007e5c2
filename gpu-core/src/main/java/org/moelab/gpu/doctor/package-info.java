/// What this machine offers the lab, and what each absence costs.
@NullMarked
package org.moelab.gpu.doctor;

import org.jspecify.annotations.NullMarked;
