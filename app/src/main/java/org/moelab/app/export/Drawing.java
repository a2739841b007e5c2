package org.moelab.app.export;

import java.awt.Graphics2D;

/// Draws a page onto a surface in points.
@FunctionalInterface
interface Drawing {
    void onto(Graphics2D g);
}
