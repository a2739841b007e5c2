package org.moelab.app.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;

import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FigureWriterTest {
    private static final Caption CAPTION = new Caption("decode.sqlite", "Nsight Systems 2025.3.1",
            LocalDate.of(2026, 11, 23));

    @TempDir
    private Path folder;

    /// A bar in the accent colour with a label and a figure.
    private record Bar() implements Figure {
        @Override
        public String title() {
            return "Time of one bar";
        }

        @Override
        public double preferredWidth() {
            return 300;
        }

        @Override
        public double preferredHeight() {
            return 100;
        }

        @Override
        public void draw(Graphics2D g, double width, double height, Palette palette) {
            g.setColor(Palette.awt(palette.accent()));
            g.fillRect(0, 0, (int) width / 2, (int) height);
            g.setColor(Palette.awt(palette.text()));
            g.setFont(Fonts.bold(14));
            g.drawString("attention", 160, 40);
            g.setFont(Fonts.figures(12));
            g.drawString("13.42 µs", 160, 60);
        }
    }

    @Test
    void write_png_hasTheScaledSizeTheFigureAndItsOrigin() throws IOException {
        Path file = folder.resolve("bar.png");

        FigureWriter.preferred(new Bar(), Palette.DARK, 2).write(new Bar(), CAPTION, file);

        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(2 * (300 + 32));
        assertThat(image.getHeight()).isEqualTo(2 * (100 + 46 + 16));
        assertThat(image.getRGB(2 * 80, 2 * 90)).isEqualTo(Palette.argb(Palette.DARK.accent()));
        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8))
                .contains("decode.sqlite · Nsight Systems 2025.3.1 · 2026-11-23");
    }

    @Test
    void write_svg_keepsTextAsTextWithItsLengthAndFamilies() throws Exception {
        Path file = folder.resolve("bar.svg");

        FigureWriter.preferred(new Bar(), Palette.LIGHT, 1).write(new Bar(), CAPTION, file);

        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document document = factory.newDocumentBuilder().parse(file.toFile());
        NodeList texts = document.getElementsByTagName("text");
        Set<String> contents = new HashSet<>();
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            contents.add(text.getTextContent());
            assertThat(Double.parseDouble(text.getAttribute("textLength"))).isPositive();
        }
        assertThat(contents).contains("Time of one bar", CAPTION.line(), "attention", "13.42 µs");
        assertThat(document.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("Time of one bar");
        assertThat(Files.readString(file)).contains("'DejaVu Sans Mono', monospace").contains("font-weight:bold");
    }

    @Test
    void write_pdf_keepsTextAsTextInEmbeddedFonts() throws IOException {
        Path file = folder.resolve("bar.pdf");

        FigureWriter.preferred(new Bar(), Palette.LIGHT, 1).write(new Bar(), CAPTION, file);

        try (PDDocument document = Loader.loadPDF(file.toFile())) {
            assertThat(new PDFTextStripper().getText(document)).contains("Time of one bar", "attention", "13.42 µs");
            assertThat(document.getDocumentInformation().getTitle()).isEqualTo("Time of one bar");
            assertThat(document.getDocumentInformation().getSubject()).isEqualTo(CAPTION.line());
            var form = document.getPage(0).getResources().getXObject(
                    document.getPage(0).getResources().getXObjectNames().iterator().next());
            var resources = ((org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject) form).getResources();
            for (var name : resources.getFontNames()) {
                PDFont font = resources.getFont(name);
                assertThat(font.isEmbedded()).as(font.getName()).isTrue();
            }
            assertThat(resources.getFontNames()).hasSize(3);
        }
    }

    @Test
    void write_endingThatIsNoPicture_namesTheEndingsAndWritesNothing() {
        Path file = folder.resolve("bar.docx");

        assertThatThrownBy(() -> FigureWriter.preferred(new Bar(), Palette.DARK, 1).write(new Bar(), CAPTION, file))
                .isInstanceOf(IOException.class).hasMessageContaining("bar.docx")
                .hasMessageContaining(".png, .svg, .pdf");

        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void write_figureThatFails_leavesTheOldFileAsItWas(PictureFormat format) throws IOException {
        Path file = folder.resolve("bar." + format.extension());
        Files.writeString(file, "what was there");
        Figure broken = new Figure() {
            @Override
            public String title() {
                return "broken";
            }

            @Override
            public double preferredWidth() {
                return 10;
            }

            @Override
            public double preferredHeight() {
                return 10;
            }

            @Override
            public void draw(Graphics2D g, double width, double height, Palette palette) {
                throw new IllegalStateException("nothing to draw");
            }
        };

        assertThatThrownBy(() -> FigureWriter.preferred(broken, Palette.DARK, 1).write(broken, CAPTION, file))
                .isInstanceOf(IllegalStateException.class);

        assertThat(file).hasContent("what was there");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void image_absurdScale_isRefusedBeforeMemoryIsTaken() {
        FigureWriter writer = FigureWriter.preferred(new Bar(), Palette.DARK, 1000);

        assertThatThrownBy(() -> writer.image(new Bar(), CAPTION)).isInstanceOf(IOException.class)
                .hasMessageContaining("smaller scale");
    }
}
