package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.roofline.RooflineFigure;
import org.moelab.app.theme.Palette;
import org.moelab.traces.roofline.Roofline;

/// A roofline as a picture. Apart from the command, which also runs where Java cannot draw.
final class RooflinePicture {
    private static final double PNG_SCALE = 2;

    private RooflinePicture() {
    }

    /// Writes a picture in the form that the file's ending names.
    ///
    /// @param reference from whose points arrows lead
    static void write(Roofline roofline, Optional<RooflineFigure.Reference> reference, boolean dark, Caption caption,
            Path file)
            throws IOException {
        RooflineFigure plain = RooflineFigure.of(roofline);
        RooflineFigure figure = reference.map(plain::from).orElse(plain);
        FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, PNG_SCALE).write(figure, caption, file);
    }
}
