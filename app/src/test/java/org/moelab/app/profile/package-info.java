@NullMarked
package org.moelab.app.profile;

import org.jspecify.annotations.NullMarked;
