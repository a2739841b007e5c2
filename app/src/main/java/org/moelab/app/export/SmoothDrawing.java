package org.moelab.app.export;

import java.awt.Graphics2D;
import java.awt.RenderingHints;

/// How figures are drawn everywhere: with soft edges, text and lines exactly where they belong.
public final class SmoothDrawing {
    private SmoothDrawing() {
    }

    /// Asks a surface for it.
    public static void on(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }
}
