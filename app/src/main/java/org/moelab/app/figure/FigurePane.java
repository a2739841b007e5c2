package org.moelab.app.figure;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.IntBuffer;

import org.moelab.app.export.Figure;
import org.moelab.app.export.SmoothDrawing;
import org.moelab.app.theme.Palette;

import javafx.beans.value.ObservableValue;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Region;
import javafx.stage.Window;

/// A figure on the screen, drawn to the size of this pane with as many pixels as the screen has, and by the same code as its
/// exported picture.
public final class FigurePane extends Region {
    private final ObservableValue<? extends Figure> figure;
    private final ObservableValue<Palette> palette;
    private final ImageView image = new ImageView();
    private boolean stale = true;
    private double painted = Double.NaN;

    /// Follows a figure and the palette.
    public FigurePane(ObservableValue<? extends Figure> figure, ObservableValue<Palette> palette) {
        this.figure = figure;
        this.palette = palette;
        setMinSize(0, 0);
        image.setSmooth(false);
        image.setMouseTransparent(true);
        image.setManaged(false);
        getChildren().add(image);
        figure.subscribe(_ -> repaint());
        palette.subscribe(_ -> repaint());
        widthProperty().subscribe(this::repaint);
        heightProperty().subscribe(this::repaint);
        localToSceneTransformProperty().subscribe(_ -> {
            if (scale() != painted) {
                repaint();
            }
        });
    }

    /// What it shows.
    public Figure figure() {
        return figure.getValue();
    }

    private void repaint() {
        stale = true;
        requestLayout();
    }

    @Override
    protected double computePrefWidth(double height) {
        return figure.getValue().preferredWidth();
    }

    @Override
    protected double computePrefHeight(double width) {
        return figure.getValue().preferredHeight();
    }

    @Override
    protected void layoutChildren() {
        if (stale && getWidth() >= 1 && getHeight() >= 1) {
            stale = false;
            paint();
        }
    }

    private void paint() {
        double scale = scale();
        painted = scale;
        int width = Math.max(1, (int) Math.round(getWidth() * scale));
        int height = Math.max(1, (int) Math.round(getHeight() * scale));
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB_PRE);
        Graphics2D g = picture.createGraphics();
        try {
            SmoothDrawing.on(g);
            g.scale(scale, scale);
            figure.getValue().draw(g, width / scale, height / scale, palette.getValue());
        } finally {
            g.dispose();
        }
        int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        image.setImage(new WritableImage(new PixelBuffer<>(width, height, IntBuffer.wrap(pixels),
                PixelFormat.getIntArgbPreInstance())));
        image.setFitWidth(width / scale);
        image.setFitHeight(height / scale);
    }

    /// Pixels of the screen for each point of this pane.
    private double scale() {
        Window window = getScene() == null ? null : getScene().getWindow();
        return (window == null ? 1 : Math.max(window.getOutputScaleX(), 1)) * getLocalToSceneTransform().getMxx();
    }
}
