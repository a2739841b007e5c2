package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.List;

import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.AnalysisSection.BuiltIn;
import org.moelab.traces.model.AnalysisSection.LabelledMetric;
import org.moelab.traces.model.AnalysisSection.Part;
import org.moelab.traces.model.AnalysisSection.Point;
import org.moelab.traces.model.AnalysisSection.Rate;
import org.moelab.traces.model.AnalysisSection.Roof;
import org.moelab.traces.ncu.proto.BarChart;
import org.moelab.traces.ncu.proto.BodyItem;
import org.moelab.traces.ncu.proto.LineChart;
import org.moelab.traces.ncu.proto.MetricOption;
import org.moelab.traces.ncu.proto.Named;
import org.moelab.traces.ncu.proto.Roofline;
import org.moelab.traces.ncu.proto.RooflineTerm;
import org.moelab.traces.ncu.proto.Section;
import org.moelab.traces.ncu.proto.SectionBody;
import org.moelab.traces.ncu.proto.Timeline;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;

/// Turns section messages into the model.
final class SectionDecoder {
    private static final Parser<Section> PARSER = DiscardUnknownFieldsParser.wrap(Section.parser());

    private SectionDecoder() {
    }

    static AnalysisSection section(ByteString packed) throws InvalidProtocolBufferException {
        Section section = PARSER.parseFrom(packed);
        List<Part> parts = new ArrayList<>();
        for (SectionBody body : section.getBodiesList()) {
            body.getItemsList().forEach(item -> add(parts, item, body.getName()));
        }
        return new AnalysisSection(section.getIdentifier(), section.getName(), section.getOrder(),
                section.getDescription(), labelled(section.getHeader().getMetricsList()), parts);
    }

    /// @param bodyName stands in for a title that an item lacks
    private static void add(List<Part> parts, BodyItem item, String bodyName) {
        if (item.hasTable()) {
            parts.add(new AnalysisSection.Table(title(item.getTable().getTitle(), bodyName),
                    labelled(item.getTable().getMetricsList())));
        }
        if (item.hasBarChart()) {
            parts.add(barChart(item.getBarChart(), bodyName));
        }
        if (item.hasLineChart()) {
            parts.add(lineChart(item.getLineChart(), bodyName));
        }
        if (item.hasGroup()) {
            item.getGroup().getItemsList().forEach(inner -> add(parts, inner, bodyName));
        }
        if (item.hasRoofline()) {
            parts.add(roofline(item.getRoofline(), bodyName));
        }
        if (item.hasHotSpots()) {
            parts.add(new AnalysisSection.HotSpots(title(item.getHotSpots().getTitle(), bodyName),
                    labelled(item.getHotSpots().getMetric())));
        }
        if (item.hasRollupTable()) {
            parts.add(new AnalysisSection.RollupTable(title(item.getRollupTable().getTitle(), bodyName),
                    labelled(item.getRollupTable().getRows().getCountersList()),
                    labelled(item.getRollupTable().getColumns().getSuffixesList())));
        }
        if (item.hasTimeline()) {
            addTimelines(parts, item.getTimeline(), bodyName);
        }
        addBuiltIns(parts, item);
    }

    private static void addBuiltIns(List<Part> parts, BodyItem item) {
        for (Named named : List.of(item.getSharedMemoryTable(), item.getDeviceMemoryTable(), item.getMemoryChart(),
                item.getL1Table(), item.getL2Table(), item.getNvlinkTopology(), item.getNvlinkProperties(),
                item.getNvlinkThroughput(), item.getL2EvictionTable(), item.getNumaTable())) {
            if (named.hasTitle()) {
                parts.add(new BuiltIn(named.getTitle()));
            }
        }
    }

    private static Part barChart(BarChart chart, String bodyName) {
        return new AnalysisSection.BarChart(title(chart.getTitle(), bodyName), chart.getValueAxis().getLabel(),
                labelled(chart.getMetricsList()));
    }

    private static Part lineChart(LineChart chart, String bodyName) {
        return new AnalysisSection.LineChart(title(chart.getTitle(), bodyName), chart.getXAxis().getLabel(),
                chart.getYAxis().getLabel(), labelled(chart.getMetricsList()));
    }

    private static void addTimelines(List<Part> parts, Timeline timeline, String bodyName) {
        timeline.getGroupsList().forEach(group -> parts.add(new AnalysisSection.Timeline(
                title(group.getTitle(), bodyName),
                group.getRowsList().stream().flatMap(r -> labelled(r.getMetricsList()).stream()).toList())));
    }

    private static Part roofline(Roofline chart, String bodyName) {
        return new AnalysisSection.Roofline(title(chart.getTitle(), bodyName), chart.getXAxis().getLabel(),
                chart.getYAxis().getLabel(),
                chart.getRoofsList().stream().map(
                        r -> new Roof(r.getOptions().getLabel(), rate(r.getPeakWork()), rate(r.getPeakTraffic())))
                        .toList(),
                chart.getPointsList().stream()
                        .map(p -> new Point(p.getOptions().getLabel(), rate(p.getWork()), rate(p.getTraffic())))
                        .toList());
    }

    private static Rate rate(RooflineTerm term) {
        return term.hasPerCycle()
                ? new Rate(labelled(term.getPerCycle().getValuesList()), term.getPerCycle().getFrequency().getName())
                : new Rate(labelled(List.of(term.getMetric())), "");
    }

    private static String title(String own, String bodyName) {
        return own.isEmpty() ? bodyName : own;
    }

    /// A metric and what stands for it on other architectures, each name once.
    private static List<LabelledMetric> labelled(List<MetricOption> options) {
        List<LabelledMetric> list = new ArrayList<>();
        for (MetricOption option : options) {
            addDistinct(list, labelled(option));
            for (MetricOption other : option.getAlternativesList()) {
                addDistinct(list, new LabelledMetric(other.getName(),
                        other.getLabel().isEmpty() ? option.getLabel() : other.getLabel()));
            }
        }
        return list;
    }

    private static void addDistinct(List<LabelledMetric> list, LabelledMetric metric) {
        if (!metric.metric().isEmpty() && list.stream().noneMatch(m -> m.metric().equals(metric.metric()))) {
            list.add(metric);
        }
    }

    private static LabelledMetric labelled(MetricOption option) {
        return new LabelledMetric(option.getName(), option.getLabel());
    }
}
