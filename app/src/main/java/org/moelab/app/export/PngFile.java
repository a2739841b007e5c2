package org.moelab.app.export;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/// A bitmap with its origin in text chunks.
final class PngFile {
    private static final String FORMAT = "javax_imageio_png_1.0";

    private PngFile() {
    }

    static void write(BufferedImage image, String title, Caption caption, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image),
                    writer.getDefaultWriteParam());
            mergeText(metadata, new TreeMap<>(Map.of("Title", title, "Source", caption.line(), "Software", "MoE Lab")));
            writer.setOutput(stream);
            writer.write(new IIOImage(image, null, metadata));
        } finally {
            writer.dispose();
        }
    }

    private static void mergeText(IIOMetadata metadata, Map<String, String> facts) throws IIOInvalidTreeException {
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        // iTXt and not tEXt: the facts may hold letters beyond Latin-1
        IIOMetadataNode texts = new IIOMetadataNode("iTXt");
        facts.forEach((key, value) -> {
            IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
            entry.setAttribute("keyword", key);
            entry.setAttribute("compressionFlag", "FALSE");
            entry.setAttribute("compressionMethod", "0");
            entry.setAttribute("languageTag", "");
            entry.setAttribute("translatedKeyword", "");
            entry.setAttribute("text", value);
            texts.appendChild(entry);
        });
        root.appendChild(texts);
        metadata.mergeTree(FORMAT, root);
    }
}
