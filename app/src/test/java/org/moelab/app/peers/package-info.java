@NullMarked
package org.moelab.app.peers;

import org.jspecify.annotations.NullMarked;
