package org.moelab.traces.roofline;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.moelab.traces.roofline.Roofline.Point;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rooflines for scripts, as docs/roofline.md describes them.
public final class RooflineJson {
    /// The form's version; readers refuse a higher one.
    public static final int VERSION = 1;

    private RooflineJson() {
    }

    /// A roofline as one object: roofs with their sources, kernels, and a point for each level of a kernel.
    public static ObjectNode of(Roofline roofline) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("version", VERSION).put("machine", roofline.ceilings().machine())
                .put("memory", roofline.ceilings().title(MemoryLevel.HBM));
        ObjectNode roofs = root.putObject("roofs");
        ObjectNode bandwidths = roofs.putObject("bytes_per_second");
        roofline.ceilings().bandwidths().forEach((level, c) -> ceiling(bandwidths.putObject(level.id()), c));
        ObjectNode rates = roofs.putObject("flop_per_second");
        roofline.ceilings().rates().forEach((precision, c) -> ceiling(rates.putObject(precision.id()), c));
        ArrayNode kernels = root.putArray("kernels");
        Map<Integer, List<Point>> points = roofline.points().stream().collect(Collectors.groupingBy(Point::index));
        for (int i = 0; i < roofline.kernels().size(); i++) {
            kernel(kernels.addObject(), roofline.kernels().get(i), points.getOrDefault(i, List.of()));
        }
        ArrayNode missing = root.putArray("missing");
        roofline.missing().forEach(missing::add);
        return root;
    }

    private static void ceiling(ObjectNode node, Ceiling ceiling) {
        node.put("value", ceiling.perSecond()).put("origin", ceiling.origin().name().toLowerCase(Locale.ROOT))
                .put("source", ceiling.citation());
    }

    private static void kernel(ObjectNode node, KernelWork kernel, List<Point> points) {
        node.put("name", kernel.name()).put("device", kernel.device()).put("launches", kernel.launches())
                .put("time_ns", kernel.timeNs()).put("basis", kernel.basis().name().toLowerCase(Locale.ROOT));
        ObjectNode bytes = node.putObject("bytes");
        kernel.bytes().forEach((level, n) -> bytes.put(level.id(), n));
        ObjectNode flop = node.putObject("flop");
        kernel.flop().forEach((precision, n) -> flop.put(precision.id(), n));
        ArrayNode array = node.putArray("points");
        for (Point p : points) {
            ObjectNode point = array.addObject().put("level", p.level().id()).put("share", p.share())
                    .put("intensity_flop_per_byte", p.intensity()).put("flop_per_second", p.flopPerSecond())
                    .put("bytes_per_second", p.bytesPerSecond());
            number(point, "roof", p.roof());
            number(point, "of_roof", p.ofRoof());
            point.put("bound", p.bound().name().toLowerCase(Locale.ROOT)).put("suspect", p.suspect());
        }
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
