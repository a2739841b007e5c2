package org.moelab.app.timeline;

import javafx.scene.paint.Color;

import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.app.timeline.TimelineFrame.Bar;

/// A palette's colours for painting the timeline, each as opaque `0xFFRRGGBB`, with an ink for every ground that text
/// stands on.
final class TimelineColors {
    /// The contrast that text needs to be read, by WCAG 2.2 (1.4.3).
    static final double READABLE = 4.5;
    private static final Color DARK_INK = Color.web("#0b0f14");
    private static final Color LIGHT_INK = Color.WHITE;
    private static final int CALL = OperationKind.CALL.ordinal();

    /// What a slice is painted with.
    ///
    /// @param fill its ground
    /// @param edge the line that parts it from its right neighbour
    /// @param ink the text in it
    record Swatch(int fill, int edge, int ink) {}

    final int panel;
    final int heading;
    /// Before the recording's first event and behind its last.
    final int outside;
    final int line;
    final int grid;
    final int text;
    final int muted;
    final int accent;
    final int mark;
    /// Under a counter's curve.
    final int curveGround;
    private final Swatch range;
    private final Swatch rangeFolded;
    private final Swatch annotation;
    private final Swatch annotationFolded;
    private final Swatch[] kinds = new Swatch[OperationKind.values().length];
    private final Swatch[] dimmed = new Swatch[OperationKind.values().length];

    TimelineColors(Palette palette) {
        panel = Palette.argb(palette.panel());
        heading = Palette.argb(palette.panel().interpolate(palette.raised(), 0.7));
        outside = Palette.argb(palette.panel().interpolate(palette.ground(), 0.7));
        line = Palette.argb(palette.line());
        grid = Palette.argb(palette.grid());
        text = Palette.argb(palette.text());
        muted = Palette.argb(palette.muted());
        accent = Palette.argb(palette.accent());
        mark = Palette.argb(palette.warn());
        curveGround = Palette.argb(palette.panel().interpolate(palette.accent(), 0.24));
        range = swatch(palette.panel().interpolate(palette.muted(), 0.25), palette);
        rangeFolded = swatch(palette.panel().interpolate(palette.muted(), 0.5), palette);
        annotation = swatch(palette.panel().interpolate(palette.accent(), 0.25), palette);
        annotationFolded = swatch(palette.panel().interpolate(palette.accent(), 0.5), palette);
        for (OperationKind kind : OperationKind.values()) {
            kinds[kind.ordinal()] = swatch(palette.of(kind), palette);
            dimmed[kind.ordinal()] = swatch(palette.panel().interpolate(palette.of(kind), 0.3), palette);
        }
    }

    /// What a slice of a bar is painted with: other work steps back behind the launches of a highlighted kernel.
    ///
    /// @param highlight name of that kernel, or -1
    Swatch of(Bar bar, int slice, int highlight) {
        boolean folded = bar.slices().folded(slice);
        switch (bar.look()) {
            case ANNOTATION -> {
                return folded ? annotationFolded : annotation;
            }
            case RANGE -> {
                return folded ? rangeFolded : range;
            }
            case WORK -> {
                // by family, below
            }
        }
        int kind = bar.slices().kind(slice);
        boolean back = highlight >= 0 && kind != CALL && bar.slices().name(slice) != highlight;
        return back ? dimmed[kind] : kinds[kind];
    }

    /// What the slices of a family are painted with.
    Swatch of(OperationKind kind) {
        return kinds[kind.ordinal()];
    }

    /// What the slices of a family are painted with that step back.
    Swatch dimmed(OperationKind kind) {
        return dimmed[kind.ordinal()];
    }

    private static Swatch swatch(Color fill, Palette palette) {
        return new Swatch(Palette.argb(fill), Palette.argb(fill.interpolate(palette.panel(), 0.6)),
                Palette.argb(ink(fill)));
    }

    /// Dark or light, whichever is read better on a ground.
    private static Color ink(Color ground) {
        return contrast(DARK_INK, ground) >= contrast(LIGHT_INK, ground) ? DARK_INK : LIGHT_INK;
    }

    /// The contrast of two colours, 1 to 21, by WCAG 2.2.
    static double contrast(Color a, Color b) {
        double la = luminance(a);
        double lb = luminance(b);
        return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(double channel) {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }
}
