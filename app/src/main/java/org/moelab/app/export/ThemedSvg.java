package org.moelab.app.export;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.moelab.app.theme.Palette;
import org.w3c.dom.Element;

/// Figures as SVG within a page that is read in both themes. A figure is drawn in each of them; the drawings are the same
/// but for colours, and each pair of colours that differs becomes a class, whose style has both by `light-dark()`. Browsers
/// that do not know that take the light one.
public final class ThemedSvg {
    /// Beyond this, a small figure's words would be larger than those around it.
    private static final double MOST_ENLARGED = 1.25;

    private final Palette light;
    private final Palette dark;
    private final Map<String, String> classes = new LinkedHashMap<>();

    /// Draws in these palettes.
    public ThemedSvg(Palette light, Palette dark) {
        this.light = light;
        this.dark = dark;
    }

    /// A figure in its preferred size as an `svg` element, well-formed also as XML.
    ///
    /// @param id of its own in the page: prefix of the ids within
    /// @param description what the figure says, for those who cannot see it
    public String draw(Figure figure, String id, String description) {
        double width = figure.preferredWidth();
        double height = figure.preferredHeight();
        Element inLight = root(figure, light);
        List<SvgLeaf> leaves = SvgLeaf.of(inLight);
        List<SvgLeaf> others = SvgLeaf.of(root(figure, dark));
        // a figure that draws something else in the dark is shown in the light theme alone, on its own ground
        List<SvgLeaf> darkLeaves = SvgLeaf.sameShapes(leaves, others) ? others : leaves;
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" style=\"max-width:%dpx\" role=\"img\""
                        + " aria-labelledby=\"%s-t %s-d\">",
                (int) Math.ceil(width), (int) Math.ceil(height), Math.round(width * MOST_ENLARGED), id, id));
        out.append("<title id=\"").append(id).append("-t\">").append(escaped(figure.title())).append("</title>");
        out.append("<desc id=\"").append(id).append("-d\">").append(escaped(description)).append("</desc>\n");
        appendClips(inLight, id, leaves, out);
        String open = "";
        for (int i = 0; i < leaves.size(); i++) {
            String group = group(leaves.get(i), darkLeaves.get(i), id);
            if (!group.equals(open)) {
                out.append(open.isEmpty() ? "" : "</g>\n").append("<g").append(group).append('>');
                open = group;
            }
            appendShape(leaves.get(i), out);
        }
        return out.append(open.isEmpty() ? "" : "</g>\n").append("</svg>").toString();
    }

    private static Element root(Figure figure, Palette palette) {
        return SvgFile.root(g -> {
            SmoothDrawing.on(g);
            figure.draw(g, figure.preferredWidth(), figure.preferredHeight(), palette);
        }, figure.preferredWidth(), figure.preferredHeight());
    }

    /// Styles of all figures drawn so far, for the page's style sheet.
    public String styles() {
        StringBuilder css = new StringBuilder();
        classes.forEach((style, name) -> css.append('.').append(name).append('{').append(style).append("}\n"));
        return css.toString();
    }

    private String classOf(String style) {
        return classes.computeIfAbsent(style, _ -> "s" + Integer.toString(classes.size(), Character.MAX_RADIX));
    }

    private String group(SvgLeaf leaf, SvgLeaf inDark, String id) {
        List<String> names = new ArrayList<>();
        StringBuilder attributes = new StringBuilder();
        for (String property : List.of("fill", "stroke")) {
            String one = color(leaf, property);
            String other = color(inDark, property);
            if (!one.equals(other)) {
                names.add(classOf(property + ":" + one + ";" + property + ":light-dark(" + one + "," + other + ")"));
            } else if (!one.equals(property.equals("fill") ? "#000000" : "none")) {
                names.add(classOf(property + ":" + one));
            }
        }
        leaf.plainStyle().forEach((property, value) -> {
            if (property.equals("font-family")) {
                names.add(classOf("font-family:" + value));
            } else {
                attributes.append(' ').append(property).append("=\"")
                        .append(property.equals("clip-path") ? value.replace("#", "#" + id + "-") : value).append('"');
            }
        });
        return (names.isEmpty() ? "" : " class=\"" + String.join(" ", names) + "\"") + attributes
                + (leaf.transform().isEmpty() ? "" : " transform=\"" + leaf.transform() + "\"");
    }

    /// The colour with its opacity, as style sheets have it.
    private static String color(SvgLeaf leaf, String property) {
        String value = leaf.style().getOrDefault(property, "none");
        if (value.equals("none")) {
            return value;
        }
        double opacity = Double.parseDouble(leaf.style().getOrDefault(property + "-opacity", "1"));
        int rgb = rgb(value);
        return opacity < 1
                ? String.format(Locale.ROOT, "#%06x%02x", rgb, Math.round(opacity * 255))
                : String.format(Locale.ROOT, "#%06x", rgb);
    }

    private static int rgb(String value) {
        if (value.startsWith("rgb(")) {
            String[] parts = value.substring(4, value.length() - 1).split(",", -1);
            return Integer.parseInt(parts[0].strip()) << 16 | Integer.parseInt(parts[1].strip()) << 8
                    | Integer.parseInt(parts[2].strip());
        }
        return switch (value) {
            case "black" -> 0;
            case "white" -> 0xffffff;
            default -> Color.decode(value).getRGB() & 0xffffff;
        };
    }

    private static void appendClips(Element root, String id, List<SvgLeaf> leaves, StringBuilder out) {
        List<String> used = leaves.stream().map(l -> l.style().getOrDefault("clip-path", "")).distinct().toList();
        Map<String, String> clips = SvgLeaf.clips(root);
        clips.keySet().removeIf(name -> !used.contains("url(#" + name + ")"));
        clips.forEach((name, path) -> out.append("<clipPath id=\"").append(id).append('-').append(name)
                .append("\"><path d=\"").append(path).append("\"/></clipPath>\n"));
    }

    private static void appendShape(SvgLeaf leaf, StringBuilder out) {
        out.append('<').append(leaf.tag());
        leaf.shape().forEach((name, value) -> out.append(' ').append(name).append("=\"").append(escaped(value))
                .append('"'));
        if (leaf.text().isEmpty()) {
            out.append("/>");
        } else {
            out.append('>').append(escaped(leaf.text())).append("</").append(leaf.tag()).append('>');
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
