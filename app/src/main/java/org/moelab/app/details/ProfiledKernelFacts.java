package org.moelab.app.details;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.AnalysisSection.LabelledMetric;
import org.moelab.traces.model.Extent;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.Unit;

/// The facts about one profiled kernel: how it ran, what the rules found, its metrics by section.
final class ProfiledKernelFacts {
    private final KernelReport report;
    private final ProfiledKernel kernel;

    private ProfiledKernelFacts(KernelReport report, ProfiledKernel kernel) {
        this.report = report;
        this.kernel = kernel;
    }

    /// All groups of facts, those without facts left out.
    static List<Fact.Group> of(KernelReport report, ProfiledKernel kernel) {
        ProfiledKernelFacts facts = new ProfiledKernelFacts(report, kernel);
        List<Fact.Group> groups = new ArrayList<>();
        groups.add(new Fact.Group("Kernel", facts.launch()));
        groups.add(new Fact.Group("Rules", facts.rules()));
        for (AnalysisSection section : kernel.sections()) {
            groups.add(new Fact.Group(section.name(), facts.metrics(section)));
        }
        if (kernel.sections().isEmpty()) {
            groups.add(new Fact.Group("Metrics", facts.allMetrics()));
        }
        groups.removeIf(g -> g.facts().isEmpty());
        return groups;
    }

    private List<Fact> launch() {
        List<Fact> facts = new ArrayList<>();
        double duration = report.durationNs(kernel);
        if (!Double.isNaN(duration)) {
            facts.add(Fact.of("Duration", Unit.NANOSECONDS.format(duration), KernelReport.DURATION));
        }
        ProfiledKernel.Launch launch = kernel.launch();
        if (!launch.grid().equals(Extent.UNKNOWN)) {
            facts.add(Fact.of("Grid", launch.grid().toString(), Unit.COUNT.format(launch.grid().count()) + " blocks"));
            facts.add(Fact.of("Block", launch.block().toString(),
                    Unit.COUNT.format(launch.block().count()) + " threads"));
        }
        launch.device().ifPresent(id -> facts.add(Fact.of("Device",
                report.info().devices().stream().filter(d -> d.id() == id).map(d -> d.name()).findFirst()
                        .orElse("GPU " + id),
                "device " + id)));
        facts.add(Fact.of("Context, stream", launch.context() + ", " + launch.stream(), "as the report numbers them"));
        for (ProfiledKernel.NvtxRange range : kernel.nvtx()) {
            facts.add(Fact.of("NVTX", range.text(), "range of domain " + range.domain() + " around the launch"));
        }
        if (!kernel.complete()) {
            facts.add(Fact.of("Cut off", "the file ends within this kernel", "metrics and rules may lack"));
        }
        return facts;
    }

    private List<Fact> rules() {
        List<Fact> facts = new ArrayList<>();
        for (RuleResult rule : kernel.rules()) {
            for (RuleResult.Message message : rule.messages()) {
                String gain = message.speedup()
                        .map(s -> String.format(Locale.ROOT, " (est. %s speedup %.1f %%)", s.scope().title(),
                                s.percent()))
                        .orElse("");
                String label = message.title().isEmpty() ? rule.name() : message.title();
                facts.add(Fact.of(label, message.plainText() + gain,
                        message.type().title() + " of rule " + rule.identifier()));
            }
        }
        return facts;
    }

    private List<Fact> metrics(AnalysisSection section) {
        Stream<LabelledMetric> inParts = section.parts().stream().flatMap(part -> switch (part) {
            case AnalysisSection.Table table -> table.metrics().stream();
            case AnalysisSection.BarChart chart -> chart.metrics().stream();
            default -> Stream.empty();
        });
        return Stream.concat(section.header().stream(), inParts).distinct().flatMap(m -> metric(m).stream()).toList();
    }

    private List<Fact> metric(LabelledMetric metric) {
        int row = report.metrics().find(kernel.index(), metric.metric());
        if (row < 0 || report.metrics().type(row) == MetricTable.Type.NONE) {
            return List.of();
        }
        return List.of(fact(metric.label().isEmpty() ? metric.metric() : metric.label(), row));
    }

    private List<Fact> allMetrics() {
        List<Fact> facts = new ArrayList<>();
        for (int row = report.metrics().begin(kernel.index()); row < report.metrics().end(kernel.index()); row++) {
            facts.add(fact(report.metrics().name(row), row));
        }
        return facts;
    }

    private Fact fact(String label, int row) {
        MetricTable metrics = report.metrics();
        String unit = metrics.unitText(row);
        String exact = metrics.text(row) + (unit.isEmpty() ? "" : " " + unit);
        boolean text = metrics.type(row) == MetricTable.Type.TEXT;
        return Fact.of(label, text ? metrics.text(row) : metrics.unit(row).format(metrics.number(row)),
                metrics.name(row) + " = " + exact);
    }
}
