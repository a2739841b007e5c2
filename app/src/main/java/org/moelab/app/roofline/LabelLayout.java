package org.moelab.app.roofline;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Places labels beside points so that none covers a point or another label; one that finds no room is left out.
final class LabelLayout {
    private static final double[] DISTANCES = { 5, 14, 26, 42 };
    private static final int DIRECTIONS = 8;

    private final Rectangle2D bounds;
    private final List<Rectangle2D> taken = new ArrayList<>();

    /// @param bounds that labels have to stay in
    LabelLayout(Rectangle2D bounds) {
        this.bounds = bounds;
    }

    /// Keeps an area free of labels.
    void avoid(Rectangle2D area) {
        taken.add(area);
    }

    /// The place of a label near a point that is drawn with this radius: right of it where there is room, else above,
    /// below, left, then further away. Takes the place.
    Optional<Rectangle2D> place(Point2D point, double radius, double width, double height) {
        Optional<Rectangle2D> place = find(point, radius, width, height, true)
                .or(() -> find(point, radius, width, height, false));
        place.ifPresent(taken::add);
        return place;
    }

    /// @param clear whether the line from the point to the label has to cross nothing else
    private Optional<Rectangle2D> find(Point2D point, double radius, double width, double height, boolean clear) {
        for (double distance : DISTANCES) {
            for (int direction = 0; direction < DIRECTIONS; direction++) {
                Rectangle2D candidate = candidate(point, radius + distance, direction, width, height);
                if (bounds.contains(candidate) && taken.stream().noneMatch(candidate::intersects)
                        && (!clear || leaderIsClear(point, candidate))) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    private boolean leaderIsClear(Point2D point, Rectangle2D label) {
        Line2D leader = new Line2D.Double(point, near(label, point));
        return taken.stream().noneMatch(area -> area.intersectsLine(leader) && !area.contains(point));
    }

    /// Where a line from the point meets the label.
    static Point2D near(Rectangle2D label, Point2D point) {
        return new Point2D.Double(Math.clamp(point.getX(), label.getMinX(), label.getMaxX()),
                Math.clamp(point.getY(), label.getMinY(), label.getMaxY()));
    }

    private static Rectangle2D candidate(Point2D point, double reach, int direction, double width, double height) {
        // right, above right, below right, above, below, left, above left, below left
        double dx = new double[] { 1, 0.75, 0.75, 0, 0, -1, -0.75, -0.75 }[direction];
        double dy = new double[] { 0, -0.75, 0.75, -1, 1, 0, -0.75, 0.75 }[direction];
        double x = point.getX() + dx * reach - (dx == 0 ? width / 2 : dx < 0 ? width : 0);
        double y = point.getY() + dy * reach - (dy == 0 ? height / 2 : dy < 0 ? height : 0);
        return new Rectangle2D.Double(x, y, width, height);
    }
}
