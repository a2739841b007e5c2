package org.moelab.app.timeline;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.stream.Collectors;

import org.moelab.app.export.Figure;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Unit;

/// What is in view of a timeline as a picture, with a line below that says what it shows and how that was measured.
public final class TimelineFigure implements Figure {
    private static final double FOOTER_HEIGHT = 22;
    private static final double MARGIN = 8;

    private final FrameRequest request;

    /// @param request what the picture shows
    public TimelineFigure(FrameRequest request) {
        this.request = request;
    }

    @Override
    public String title() {
        return "Timeline of " + files(request);
    }

    @Override
    public double preferredWidth() {
        return request.size().width();
    }

    @Override
    public double preferredHeight() {
        double rows = request.layout().totalHeight() - request.scrollY() + FrameRequest.HEADER_HEIGHT;
        return Math.min(request.size().height(), rows) + FOOTER_HEIGHT;
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        double framed = Math.max(FrameRequest.HEADER_HEIGHT, height - FOOTER_HEIGHT);
        FrameRequest sized = new FrameRequest(request.source(), request.layout(), request.view(), request.scrollY(),
                new FrameRequest.Size(width, framed, Math.min(request.size().gutter(), width / 2)),
                request.selected(), request.highlight(), request.area(), request.marks(), request.anchor());
        g.setColor(Palette.awt(palette.panel()));
        g.fill(new java.awt.geom.Rectangle2D.Double(0, 0, width, height));
        GraphicsPainter.paint(FrameBuilder.build(sized), g, palette);
        Color muted = Palette.awt(palette.muted());
        g.setFont(Fonts.text(Look.LABEL_TEXT));
        g.setColor(muted);
        g.drawString(describe(request) + ". A bar lower than its row stands for several events; its height is the "
                + "busy part of their time.", (float) MARGIN, (float) (height - 7));
    }

    /// What a timeline shows, in a sentence.
    static String describe(FrameRequest request) {
        RecordingInfo info = request.source().trace().info();
        String from = EventSummary.exact(Math.round(request.view().fromNs()));
        return "%s, %s%s: %s from %s".formatted(files(request), info.format().title(),
                info.version().isEmpty() ? "" : " " + info.version(),
                Unit.NANOSECONDS.format(request.view().spanNs()), from);
    }

    private static String files(FrameRequest request) {
        return request.source().trace().info().files().stream().map(f -> f.getFileName().toString())
                .collect(Collectors.joining(", "));
    }
}
