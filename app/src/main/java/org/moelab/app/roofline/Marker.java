package org.moelab.app.roofline;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

import org.moelab.app.theme.OperationKind;

/// The shape of a family's points, so that colour is never the only sign.
enum Marker {
    CIRCLE, SQUARE, DIAMOND, TRIANGLE, DOWN, PENTAGON, HEXAGON, CROSS, STAR;

    private static final int POINTS_OF_STAR = 5;

    /// The shape of a family.
    static Marker of(OperationKind kind) {
        return switch (kind) {
            case ATTENTION -> CIRCLE;
            case EXPERT_MATMUL -> SQUARE;
            case DENSE_MATMUL -> DIAMOND;
            case ROUTER -> TRIANGLE;
            case ELEMENTWISE -> HEXAGON;
            case UNEMBEDDING -> DOWN;
            case MEMORY -> PENTAGON;
            case COMMUNICATION -> STAR;
            case OTHER, CALL, IDLE -> CROSS;
        };
    }

    /// The shape around a point; all shapes of one radius cover about the same area.
    Shape at(double x, double y, double radius) {
        Shape unit = switch (this) {
            case CIRCLE -> new Ellipse2D.Double(-1, -1, 2, 2);
            case SQUARE -> polygon(4, Math.PI / 4, 1.25);
            case DIAMOND -> polygon(4, 0, 1.3);
            case TRIANGLE -> polygon(3, -Math.PI / 2, 1.4);
            case DOWN -> polygon(3, Math.PI / 2, 1.4);
            case PENTAGON -> polygon(5, -Math.PI / 2, 1.15);
            case HEXAGON -> polygon(6, 0, 1.1);
            case STAR -> star();
            case CROSS -> cross();
        };
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.scale(radius, radius);
        return place.createTransformedShape(unit);
    }

    private static Shape polygon(int corners, double first, double radius) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < corners; i++) {
            line(path, radius, first + 2 * Math.PI * i / corners);
        }
        path.closePath();
        return path;
    }

    private static Shape star() {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < 2 * POINTS_OF_STAR; i++) {
            line(path, i % 2 == 0 ? 1.5 : 0.65, -Math.PI / 2 + Math.PI * i / POINTS_OF_STAR);
        }
        path.closePath();
        return path;
    }

    private static Shape cross() {
        Path2D path = new Path2D.Double();
        double inner = 0.42;
        double outer = 1.25;
        double[][] corners = { { -inner, -outer }, { inner, -outer }, { inner, -inner }, { outer, -inner },
                { outer, inner }, { inner, inner }, { inner, outer }, { -inner, outer }, { -inner, inner },
                { -outer, inner }, { -outer, -inner }, { -inner, -inner } };
        for (double[] corner : corners) {
            if (path.getCurrentPoint() == null) {
                path.moveTo(corner[0], corner[1]);
            } else {
                path.lineTo(corner[0], corner[1]);
            }
        }
        path.closePath();
        return path;
    }

    private static void line(Path2D path, double radius, double angle) {
        double x = radius * Math.cos(angle);
        double y = radius * Math.sin(angle);
        if (path.getCurrentPoint() == null) {
            path.moveTo(x, y);
        } else {
            path.lineTo(x, y);
        }
    }
}
