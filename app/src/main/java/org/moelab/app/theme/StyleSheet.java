package org.moelab.app.theme;

import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.paint.Color;

/// Dresses a scene in a palette: AtlantaFX's rules with this palette's colours, the names that ControlsFX expects, and
/// the window's own rules, which use only looked-up colours.
public final class StyleSheet {
    private static final double POPUP_TEXT = 12;
    private static final double TOOLTIP_TEXT = 14;
    private static final double ICON = 14;

    private StyleSheet() {
    }

    /// Gives the scene this palette's look, in place of any other.
    public static void apply(Palette palette, Scene scene) {
        apply(palette, 100, scene);
    }

    /// Gives the scene this palette's look, in place of any other, and what opens over it text of a size: menus, lists and
    /// tooltips are windows of their own, which what magnifies the scene does not reach.
    ///
    /// @param textPercent of the usual size
    public static void apply(Palette palette, int textPercent, Scene scene) {
        scene.setUserAgentStylesheet(
                (palette.dark() ? new PrimerDark() : new PrimerLight()).getUserAgentStylesheet());
        List<String> sheets = new ArrayList<>(sheets(palette));
        if (textPercent != 100) {
            sheets.add(sheet(popups(textPercent / 100.0)));
        }
        scene.getStylesheets().setAll(sheets);
        Parent root = scene.getRoot();
        root.getStyleClass().removeAll("dark", "light");
        root.getStyleClass().add(palette.dark() ? "dark" : "light");
        scene.setFill(palette.ground());
    }

    /// The sheets of a palette: its colours, then the rules that use them.
    static List<String> sheets(Palette palette) {
        URL rules = StyleSheet.class.getResource("moelab.css");
        if (rules == null) {
            throw new IllegalStateException("the class path lacks moelab.css");
        }
        return List.of(sheet(colours(palette)), rules.toExternalForm());
    }

    private static String sheet(String css) {
        return "data:text/css;base64," + Base64.getEncoder().encodeToString(css.getBytes(StandardCharsets.UTF_8));
    }

    /// What opens over a scene takes its rules and its font from the node that it belongs to, not from its own window's root.
    private static String popups(double factor) {
        return String.format(Locale.ROOT, """
                .context-menu, .combo-box-popup .list-cell { -fx-font-size: %.2fpx; }
                .context-menu .ikonli-font-icon { -fx-icon-size: %.0fpx; }
                .tooltip { -fx-font-size: %.2fpx; }
                """, POPUP_TEXT * factor, ICON * factor, TOOLTIP_TEXT * factor);
    }

    /// The looked-up colours of a palette as a rule for the root.
    static String colours(Palette p) {
        StringBuilder css = new StringBuilder(".root {\n");
        names(p).forEach((name, color) -> css.append("  ").append(name).append(": ").append(css(color)).append(";\n"));
        p.kinds().forEach((kind, color) -> css.append("  -kind-").append(kind.name().toLowerCase(Locale.ROOT))
                .append(": ").append(css(color)).append(";\n"));
        css.append("  -fx-font-family: \"").append(Fonts.TEXT_FAMILY).append("\";\n}\n");
        css.append(".figures { -fx-font-family: \"").append(Fonts.FIGURES_FAMILY).append("\"; }\n");
        return css.toString();
    }

    private static Map<String, Color> names(Palette p) {
        Color onAccent = p.dark() ? p.ground() : Color.WHITE;
        return Map.ofEntries(
                Map.entry("-color-bg-default", p.panel()), Map.entry("-color-bg-overlay", p.panel()),
                Map.entry("-color-bg-subtle", p.raised()), Map.entry("-color-bg-inset", p.ground()),
                Map.entry("-color-fg-default", p.text()), Map.entry("-color-fg-muted", p.muted()),
                Map.entry("-color-fg-subtle", p.muted()), Map.entry("-color-fg-emphasis", onAccent),
                Map.entry("-color-border-default", p.line()), Map.entry("-color-border-muted", p.line()),
                Map.entry("-color-border-subtle", p.grid()),
                Map.entry("-color-shadow-default", p.dark() ? Color.BLACK : p.line()),
                Map.entry("-color-neutral-emphasis-plus", p.muted()), Map.entry("-color-neutral-emphasis", p.muted()),
                Map.entry("-color-neutral-muted", faint(p.muted(), 0.4)),
                Map.entry("-color-neutral-subtle", faint(p.muted(), 0.1)),
                Map.entry("-color-accent-fg", p.accent()), Map.entry("-color-accent-emphasis", p.accent()),
                Map.entry("-color-accent-muted", faint(p.accent(), 0.4)),
                Map.entry("-color-accent-subtle", faint(p.accent(), 0.15)),
                Map.entry("-color-success-fg", p.good()), Map.entry("-color-success-emphasis", p.good()),
                Map.entry("-color-success-muted", faint(p.good(), 0.4)),
                Map.entry("-color-success-subtle", faint(p.good(), 0.15)),
                Map.entry("-color-warning-fg", p.warn()), Map.entry("-color-warning-emphasis", p.warn()),
                Map.entry("-color-warning-muted", faint(p.warn(), 0.4)),
                Map.entry("-color-warning-subtle", faint(p.warn(), 0.15)),
                Map.entry("-color-danger-fg", p.bad()), Map.entry("-color-danger-emphasis", p.bad()),
                Map.entry("-color-danger-muted", faint(p.bad(), 0.4)),
                Map.entry("-color-danger-subtle", faint(p.bad(), 0.15)),
                // what JavaFX's own sheet calls them: ControlsFX looks these up
                Map.entry("-fx-base", p.raised()), Map.entry("-fx-background", p.panel()),
                Map.entry("-fx-control-inner-background", p.panel()), Map.entry("-fx-accent", p.accent()),
                Map.entry("-fx-text-base-color", p.text()), Map.entry("-fx-text-background-color", p.text()),
                Map.entry("-fx-text-inner-color", p.text()), Map.entry("-fx-mark-color", p.text()),
                Map.entry("-fx-box-border", p.line()), Map.entry("-fx-text-box-border", p.line()),
                Map.entry("-fx-outer-border", p.line()), Map.entry("-fx-inner-border", Color.TRANSPARENT),
                Map.entry("-fx-body-color", p.raised()), Map.entry("-fx-color", p.raised()),
                Map.entry("-fx-hover-base", p.line()), Map.entry("-fx-pressed-base", p.line()),
                Map.entry("-fx-focus-color", p.accent()), Map.entry("-fx-faint-focus-color", Color.TRANSPARENT),
                Map.entry("-fx-shadow-highlight-color", Color.TRANSPARENT),
                Map.entry("-fx-mark-highlight-color", Color.TRANSPARENT),
                Map.entry("-fx-selection-bar", faint(p.accent(), 0.25)),
                Map.entry("-fx-default-button", p.accent()));
    }

    private static Color faint(Color c, double opacity) {
        return new Color(c.getRed(), c.getGreen(), c.getBlue(), opacity);
    }

    private static String css(Color c) {
        return String.format(Locale.ROOT, "rgba(%d, %d, %d, %.3f)", Math.round(c.getRed() * 255),
                Math.round(c.getGreen() * 255), Math.round(c.getBlue() * 255), c.getOpacity());
    }
}
