package org.moelab.traces.model;

import java.util.List;

/// A group of metrics that Nsight Compute shows together, with its charts and tables. Metrics are named; a metric that the
/// device lacks, or that stands for another architecture, has no value in the kernel's rows and is not to be shown.
///
/// @param identifier stable name, such as `SpeedOfLight`
/// @param name for people
/// @param order position among the sections
/// @param description what the section is about, empty where the report does not tell
/// @param header the metrics of its summary
/// @param parts its charts and tables
public record AnalysisSection(String identifier, String name, int order, String description,
        List<LabelledMetric> header, List<Part> parts) {
    public AnalysisSection {
        header = List.copyOf(header);
        parts = List.copyOf(parts);
    }

    /// A metric and what it is called here.
    ///
    /// @param metric its name in the [MetricTable]; a name with `regex:`, `group:` or `breakdown:` before it stands for several
    /// @param label for people, empty where the name is to be shown
    public record LabelledMetric(String metric, String label) {}

    /// A chart or table.
    public sealed interface Part {
        /// Empty where it has none.
        String title();
    }

    /// Rows of a metric each.
    public record Table(String title, List<LabelledMetric> metrics) implements Part {
        public Table {
            metrics = List.copyOf(metrics);
        }
    }

    /// Bars of a metric each; a metric with instances gives a bar an instance.
    public record BarChart(String title, String valueLabel, List<LabelledMetric> metrics) implements Part {
        public BarChart {
            metrics = List.copyOf(metrics);
        }
    }

    /// Lines over the correlation ids of the metrics' instances.
    public record LineChart(String title, String xLabel, String yLabel, List<LabelledMetric> metrics)
            implements
                Part {
        public LineChart {
            metrics = List.copyOf(metrics);
        }
    }

    /// Counters by rollups: the cell's metric is the counter's name followed by the rollup's.
    public record RollupTable(String title, List<LabelledMetric> counters, List<LabelledMetric> rollups)
            implements
                Part {
        public RollupTable {
            counters = List.copyOf(counters);
            rollups = List.copyOf(rollups);
        }
    }

    /// Samples over time, a row a metric.
    public record Timeline(String title, List<LabelledMetric> metrics) implements Part {
        public Timeline {
            metrics = List.copyOf(metrics);
        }
    }

    /// The instructions with the highest values of a metric.
    public record HotSpots(String title, LabelledMetric metric) implements Part {}

    /// A chart or table whose content the tool knows by its kind alone: memory chart, NVLink tables …
    public record BuiltIn(String title) implements Part {}

    /// A roofline chart.
    public record Roofline(String title, String xLabel, String yLabel, List<Roof> roofs, List<Point> points)
            implements
                Part {
        public Roofline {
            roofs = List.copyOf(roofs);
            points = List.copyOf(points);
        }
    }

    /// A roof: peak work a second, and peak traffic in bytes a second.
    public record Roof(String label, Rate work, Rate traffic) {}

    /// The kernel's place: achieved work and traffic a second.
    public record Point(String label, Rate work, Rate traffic) {}

    /// A rate: the sum of metrics, times the frequency of the cycles that they are counted by where that is not empty.
    public record Rate(List<LabelledMetric> metrics, String frequencyMetric) {
        public Rate {
            metrics = List.copyOf(metrics);
        }
    }
}
