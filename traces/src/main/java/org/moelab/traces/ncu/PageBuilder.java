package org.moelab.traces.ncu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.AnalysisSection.LabelledMetric;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.Extent;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.ProfiledKernel.NvtxRange;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.RuleResult.Message;
import org.moelab.traces.model.RuleResult.Scope;
import org.moelab.traces.model.RuleResult.Speedup;
import org.moelab.traces.model.TraceFormat;

/// Puts a report together from the rows of a CSV page.
final class PageBuilder {
    private static final Pattern TRIPLE = Pattern.compile("\\(?\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\)?");

    private final PageColumns columns;
    private final NumberStyle style;
    private final Findings findings;
    private final MetricTable.Builder metrics = new MetricTable.Builder();
    private final List<ProfiledKernel> kernels = new ArrayList<>();
    private final Map<Integer, Map<String, String>> devices = new TreeMap<>();
    private final SequencedMap<String, List<LabelledMetric>> sections = new LinkedHashMap<>();
    private final SequencedMap<List<String>, List<Message>> rules = new LinkedHashMap<>();
    private String[] units = {};
    private String[] open = {};

    PageBuilder(PageColumns columns, NumberStyle style, Findings findings) {
        this.columns = columns;
        this.style = style;
        this.findings = findings;
    }

    /// Takes the next row.
    void add(String[] row) {
        if (columns.isDetails()) {
            addDetail(row);
        } else if (columns.cell(row, "ID").isEmpty()) {
            units = row;
        } else {
            addKernel(row);
        }
    }

    private void addDetail(String[] row) {
        if (open.length == 0 || !sameKernel(row, open)) {
            close();
            open = row;
            metrics.beginKernel();
        }
        String metric = columns.cell(row, "Metric Name");
        if (!metric.isEmpty()) {
            addMetric(metric, columns.cell(row, "Metric Unit"), columns.cell(row, "Metric Value"));
            sections.computeIfAbsent(columns.cell(row, "Section Name"), _ -> new ArrayList<>())
                    .add(new LabelledMetric(metric, metric));
        }
        String rule = columns.cell(row, "Rule Name");
        if (!rule.isEmpty()) {
            rules.computeIfAbsent(List.of(columns.cell(row, "Section Name"), rule), _ -> new ArrayList<>())
                    .add(message(row));
        }
    }

    private boolean sameKernel(String[] a, String[] b) {
        return columns.cell(a, "ID").equals(columns.cell(b, "ID"))
                && columns.cell(a, "Process ID").equals(columns.cell(b, "Process ID"))
                && columns.cell(a, "Kernel Name").equals(columns.cell(b, "Kernel Name"));
    }

    private void addKernel(String[] row) {
        open = row;
        metrics.beginKernel();
        for (int i = 0; i < row.length; i++) {
            if (columns.isMetric(i) && !row[i].isBlank()) {
                addMetric(columns.names().get(i), i < units.length ? units[i].strip() : "", row[i].strip());
            }
        }
        close();
    }

    private void addMetric(String name, String unit, String printed) {
        // the tool marks what it could not compute
        String value = printed.startsWith("(!)") ? printed.substring(3).strip() : printed;
        OptionalDouble number = style.parse(value);
        int nameId = metrics.intern(name);
        int unitId = metrics.intern(unit);
        if (number.isPresent() && Double.isNaN(number.getAsDouble())) {
            findings.add("nan-metric",
                    "%d {metric is|metrics are} not a number, as after a failed launch or a division by nothing");
        }
        if (value.equals("n/a") || value.isEmpty()) {
            findings.add("metric-without-value", "%d {metric has|metrics have} no value");
            metrics.add(nameId, MetricTable.Type.NONE, 0, unitId, false);
        } else if (number.isEmpty()) {
            metrics.add(nameId, MetricTable.Type.TEXT, metrics.intern(value), unitId, false);
        } else if (isWhole(number.getAsDouble())) {
            metrics.add(nameId, MetricTable.Type.UINT64, (long) number.getAsDouble(), unitId, false);
        } else {
            metrics.add(nameId, MetricTable.Type.DOUBLE, Double.doubleToLongBits(number.getAsDouble()), unitId, false);
        }
    }

    private static boolean isWhole(double number) {
        return number >= 0 && number <= 1L << 53 && number == Math.rint(number);
    }

    private Message message(String[] row) {
        String code = columns.cell(row, "Rule Type");
        RuleResult.Type type = RuleResult.Type.NONE;
        for (RuleResult.Type candidate : RuleResult.Type.values()) {
            if (candidate.code().equals(code)) {
                type = candidate;
            }
        }
        Scope scope = Scope.UNKNOWN;
        for (Scope candidate : Scope.values()) {
            if (candidate.title().equals(columns.cell(row, "Estimated Speedup Type"))) {
                scope = candidate;
            }
        }
        Scope found = scope;
        OptionalDouble percent = style.parse(columns.cell(row, "Estimated Speedup"));
        Optional<Speedup> speedup = percent.isPresent()
                ? Optional.of(new Speedup(found, percent.getAsDouble()))
                : Optional.empty();
        return new Message(type, "", columns.cell(row, "Rule Description"), List.of(), speedup);
    }

    /// Ends the kernel whose rows were added last.
    private void close() {
        if (open.length == 0) {
            return;
        }
        String name = columns.cell(open, "Kernel Name");
        OptionalInt device = device(open);
        ProfiledKernel.Launch launch = new ProfiledKernel.Launch(extent(columns.cell(open, "Grid Size")),
                extent(columns.cell(open, "Block Size")), device, whole(columns.cell(open, "Context")),
                whole(columns.cell(open, "Stream")), new ProcessInfo(whole(columns.cell(open, "Process ID")),
                        columns.cell(open, "Process Name"), OptionalInt.empty()),
                -1);
        List<AnalysisSection> collected = new ArrayList<>();
        sections.forEach((title, header) -> collected
                .add(new AnalysisSection(title, title, collected.size(), "", header, List.of())));
        List<RuleResult> results = new ArrayList<>();
        rules.forEach((key, messages) -> results
                .add(new RuleResult(key.getLast(), key.getLast(), key.getFirst(), messages, List.of())));
        kernels.add(new ProfiledKernel(kernels.size(), ProfiledKernel.Workload.KERNEL,
                new ProfiledKernel.Name(FunctionName.parse(name).name(), "", name), launch,
                0, nvtx(open), List.of(), List.of(), OptionalLong.empty(), collected, results, true));
        sections.clear();
        rules.clear();
        open = new String[0];
    }

    private List<NvtxRange> nvtx(String[] row) {
        List<NvtxRange> ranges = new ArrayList<>();
        for (NvtxRange.Kind kind : NvtxRange.Kind.values()) {
            ranges.addAll(NvtxCell.ranges(columns.nvtxCell(row, kind), kind));
        }
        return ranges;
    }

    private OptionalInt device(String[] row) {
        long id = whole(columns.cell(row, "Device"));
        if (id < 0 || id > 1 << 16) {
            return OptionalInt.empty();
        }
        Map<String, String> facts = devices.computeIfAbsent((int) id, _ -> new TreeMap<>());
        String capability = columns.cell(row, "CC");
        if (!capability.isEmpty()) {
            facts.put("compute capability", capability);
        }
        String name = columns.cell(row, "device__attribute_display_name");
        if (!name.isEmpty()) {
            facts.put("device__attribute_display_name", name);
        }
        return OptionalInt.of((int) id);
    }

    private static Extent extent(String text) {
        Matcher m = TRIPLE.matcher(text);
        return m.matches() ? new Extent(whole(m.group(1)), whole(m.group(2)), whole(m.group(3))) : Extent.UNKNOWN;
    }

    /// A plain whole number, or -1.
    private static long whole(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    /// The report of all rows taken.
    KernelReport build(Path file) {
        close();
        List<DeviceInfo> list = new ArrayList<>();
        devices.forEach((id, facts) -> list
                .add(new DeviceInfo(id, facts.getOrDefault("device__attribute_display_name", ""), facts)));
        Map<String, String> properties = Map.of("page", columns.isDetails() ? "details" : "raw");
        return new KernelReport(
                new RecordingInfo(List.of(file), TraceFormat.NCU, "", "", OptionalLong.empty(), list, properties),
                findings.warnings(), kernels, metrics.build(), List.of());
    }
}
