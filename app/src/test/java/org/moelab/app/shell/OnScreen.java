package org.moelab.app.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGraphics2D;
import org.moelab.app.figure.FigurePane;
import org.moelab.app.theme.Palette;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.text.Text;

/// The words that can be read in a window: those of its controls, and those that its figures draw at the size that they have. What is
/// hidden, scrolled away or outside the window does not count. For the JavaFX thread.
///
/// @param words all of them
record OnScreen(List<Word> words) {
    private static final String SVG = "http://www.w3.org/2000/svg";

    /// A text.
    ///
    /// @param at its middle within the scene
    record Word(String text, Point2D at) {}

    static OnScreen of(Scene scene) {
        List<Word> words = new ArrayList<>();
        collect(scene.getRoot(), new BoundingBox(0, 0, scene.getWidth(), scene.getHeight()), words);
        return new OnScreen(words);
    }

    /// All that can be read, a text a line, in no order.
    String text() {
        return String.join("\n", words.stream().map(Word::text).toList());
    }

    /// Where a text stands that is this, or else holds this.
    Optional<Point2D> find(String text) {
        return words.stream().filter(w -> w.text.contains(text)).min(Comparator.comparingInt(w -> w.text.length()))
                .map(Word::at);
    }

    private static void collect(Node node, Bounds seen, List<Word> words) {
        if (!node.isVisible()) {
            return;
        }
        Bounds own = node.localToScene(node.getLayoutBounds());
        boolean clips = node.getStyleClass().contains("viewport") || node.getStyleClass().contains("clipped-container");
        Bounds within = clips ? cut(seen, own) : seen;
        if (node instanceof FigurePane pane) {
            drawn(pane).filter(w -> within.contains(w.at)).forEach(words::add);
        }
        Optional<String> text = switch (node) {
            case Text t -> Optional.of(t.getText());
            case Labeled l -> Optional.ofNullable(l.getText());
            case TextInputControl t -> Optional.ofNullable(t.getText());
            default -> Optional.empty();
        };
        Point2D middle = new Point2D(own.getCenterX(), own.getCenterY());
        text.filter(t -> !t.isEmpty() && own.getWidth() > 0 && within.contains(middle))
                .ifPresent(t -> words.add(new Word(t, middle)));
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> collect(child, within, words));
        }
    }

    private static Bounds cut(Bounds a, Bounds b) {
        double x = Math.max(a.getMinX(), b.getMinX());
        double y = Math.max(a.getMinY(), b.getMinY());
        return new BoundingBox(x, y, Math.max(0, Math.min(a.getMaxX(), b.getMaxX()) - x),
                Math.max(0, Math.min(a.getMaxY(), b.getMaxY()) - y));
    }

    /// What a figure draws at the size of its pane: the same code draws the picture on the screen.
    private static Stream<Word> drawn(FigurePane pane) {
        if (pane.getWidth() < 1 || pane.getHeight() < 1) {
            return Stream.of();
        }
        Document document = GenericDOMImplementation.getDOMImplementation().createDocument(SVG, "svg", null);
        SVGGraphics2D g = new SVGGraphics2D(document);
        pane.figure().draw(g, pane.getWidth(), pane.getHeight(), Palette.DARK);
        NodeList texts = g.getRoot().getElementsByTagNameNS(SVG, "text");
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (!text.hasAttribute("transform")) { // labels along an axis stand upright
                words.add(new Word(text.getTextContent(), pane.localToScene(number(text, "x") + 4,
                        number(text, "y") - 4)));
            }
        }
        g.dispose();
        return words.stream();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
