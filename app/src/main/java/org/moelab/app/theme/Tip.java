package org.moelab.app.theme;

import javafx.scene.control.Control;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;

/// Explanations under the pointer, made when it first comes: a tooltip is a window with a scene of its own, and a hundred of
/// them took a seventh of the time that the main window needed to start.
public final class Tip {
    private Tip() {
    }

    /// Explains a control, to screen readers as well.
    public static void on(Control control, String text) {
        control.setAccessibleHelp(text);
        control.addEventHandler(MouseEvent.MOUSE_ENTERED, _ -> {
            if (control.getTooltip() == null) {
                control.setTooltip(new Tooltip(text));
            }
        });
    }
}
