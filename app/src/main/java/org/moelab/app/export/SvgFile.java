package org.moelab.app.export;

import java.awt.Dimension;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.moelab.app.theme.Fonts;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// A drawing whose text stays text. Where the reader's machine lacks our typefaces, similar ones are named, and each text
/// states its length, so that labels keep their place.
final class SvgFile {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

    private SvgFile() {
    }

    static void write(Drawing drawing, double width, double height, String title, Caption caption, Writer out)
            throws IOException {
        Element root = root(drawing, width, height);
        describe(root, title, caption);
        graphics(root.getOwnerDocument()).stream(root, out, true, false);
    }

    /// The drawing as elements, text with typefaces and lengths that keep it in place.
    static Element root(Drawing drawing, double width, double height) {
        Document document = GenericDOMImplementation.getDOMImplementation().createDocument(NAMESPACE, "svg", null);
        SVGGraphics2D g = graphics(document);
        g.setSVGCanvasSize(new Dimension((int) Math.ceil(width), (int) Math.ceil(height)));
        drawing.onto(g);
        Element root = g.getRoot();
        root.setAttributeNS(null, "viewBox",
                String.format(Locale.ROOT, "0 0 %d %d", (int) Math.ceil(width), (int) Math.ceil(height)));
        fixText(root, new TextStyle(Fonts.TEXT_FAMILY, 12, false));
        g.dispose();
        return root;
    }

    private static SVGGraphics2D graphics(Document document) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment(" MoE Lab ");
        return new SVGGraphics2D(context, false);
    }

    private static void describe(Element root, String title, Caption caption) {
        Document document = root.getOwnerDocument();
        Element description = document.createElementNS(NAMESPACE, "desc");
        description.setTextContent(caption.line());
        root.insertBefore(description, root.getFirstChild());
        Element heading = document.createElementNS(NAMESPACE, "title");
        heading.setTextContent(title);
        root.insertBefore(heading, description);
    }

    private record TextStyle(String family, double size, boolean bold) {
        TextStyle within(Element element) {
            String f = element.getAttribute("font-family").replace("'", "");
            String s = element.getAttribute("font-size").replace("px", "");
            String w = element.getAttribute("font-weight");
            return new TextStyle(f.isEmpty() ? family : f, s.isEmpty() ? size : Double.parseDouble(s),
                    w.isEmpty() ? bold : w.equals("bold"));
        }

        boolean figures() {
            return family.equals(Fonts.FIGURES_FAMILY);
        }

        double width(String text) {
            Fonts.Face face = figures()
                    ? bold ? Fonts.Face.BOLD_FIGURES : Fonts.Face.FIGURES
                    : bold ? Fonts.Face.BOLD : Fonts.Face.TEXT;
            Font font = Fonts.of(face, size);
            return font.getStringBounds(text, METRICS).getWidth();
        }
    }

    private static void fixText(Element element, TextStyle inherited) {
        TextStyle style = inherited.within(element);
        if (element.hasAttribute("font-family")) {
            element.setAttribute("font-family", style.figures()
                    ? "'JetBrains Mono', Consolas, Menlo, 'DejaVu Sans Mono', monospace"
                    : "Roboto, Inter, Arial, 'DejaVu Sans', sans-serif");
        }
        if ("text".equals(element.getTagName()) && !element.getTextContent().isBlank()) {
            element.setAttribute("textLength",
                    String.format(Locale.ROOT, "%.2f", style.width(element.getTextContent())));
            element.setAttribute("lengthAdjust", "spacingAndGlyphs");
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                fixText(inner, style);
            }
        }
    }
}
