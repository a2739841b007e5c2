package org.moelab.app.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/// A shape or text of a drawing, with what it inherits from the groups around it: how the generator groups shapes depends on
/// which of them happen to have the same colour.
///
/// @param tag the element's name
/// @param shape attributes of its own that are no style
/// @param style presentation attributes, its own and inherited
/// @param transform of it and of all groups around it
/// @param text its words; empty for shapes
record SvgLeaf(String tag, Map<String, String> shape, Map<String, String> style, String transform, String text) {
    /// Hints that every figure has alike, and what stands for whole drawings only.
    private static final Set<String> DROPPED = Set.of("text-rendering", "color-rendering", "shape-rendering",
            "image-rendering", "color-interpolation", "xml:space", "lengthAdjust");
    private static final Set<String> STYLE = Set.of("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width",
            "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
            "font-family", "font-size", "font-weight", "font-style", "clip-path");
    /// Values that need not be said.
    private static final Map<String, String> INITIAL = Map.of("stroke-width", "1", "stroke-dasharray", "none",
            "stroke-dashoffset", "0", "stroke-linecap", "butt", "stroke-linejoin", "miter", "stroke-miterlimit", "10",
            "font-weight", "normal", "font-style", "normal", "clip-path", "none");

    /// The shapes of a drawing in the order in which they are drawn.
    static List<SvgLeaf> of(Element root) {
        List<SvgLeaf> leaves = new ArrayList<>();
        collect(root, Map.of(), "", leaves);
        return leaves;
    }

    private static void collect(Element element, Map<String, String> inherited, String around, List<SvgLeaf> leaves) {
        if (element.getTagName().equals("defs")) {
            return;
        }
        Map<String, String> style = new LinkedHashMap<>(inherited);
        Map<String, String> shape = new LinkedHashMap<>();
        String transform = around;
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            String name = attributes.item(i).getNodeName();
            String value = attributes.item(i).getNodeValue();
            if (name.equals("transform")) {
                transform = (around + " " + value).strip();
            } else if (STYLE.contains(name)) {
                style.put(name, value);
            } else if (!DROPPED.contains(name)) {
                shape.put(name, value);
            }
        }
        if (element.getTagName().equals("g") || element.getTagName().equals("svg")) {
            for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
                if (child instanceof Element inner) {
                    collect(inner, style, transform, leaves);
                }
            }
        } else {
            leaves.add(new SvgLeaf(element.getTagName(), shape, style, transform, element.getTextContent()));
        }
    }

    /// Whether two drawings differ in nothing but style.
    static boolean sameShapes(List<SvgLeaf> a, List<SvgLeaf> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).tag.equals(b.get(i).tag) || !a.get(i).shape.equals(b.get(i).shape)
                    || !a.get(i).text.equals(b.get(i).text)) {
                return false;
            }
        }
        return true;
    }

    /// The style but for colours, as far as it shows.
    Map<String, String> plainStyle() {
        Map<String, String> plain = new LinkedHashMap<>();
        boolean stroked = !style.getOrDefault("stroke", "none").equals("none");
        style.forEach((name, value) -> {
            boolean shows = name.startsWith("font-")
                    ? tag.equals("text")
                    : name.startsWith("stroke-") ? stroked : name.equals("clip-path");
            if (shows && !name.endsWith("-opacity") && !value.equals(INITIAL.get(name))) {
                plain.put(name, value);
            }
        });
        return plain;
    }

    /// The paths that drawings are clipped to, by id.
    static Map<String, String> clips(Element root) {
        Map<String, String> clips = new LinkedHashMap<>();
        NodeList found = root.getElementsByTagName("clipPath");
        for (int i = 0; i < found.getLength(); i++) {
            Element clip = (Element) found.item(i);
            if (clip.getElementsByTagName("path").item(0) instanceof Element path) {
                clips.put(clip.getAttribute("id"), path.getAttribute("d"));
            }
        }
        return clips;
    }
}
