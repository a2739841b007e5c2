package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.Cubin;
import org.moelab.traces.model.Extent;
import org.moelab.traces.model.KernelModule;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.ProfiledKernel.Launch;
import org.moelab.traces.model.ProfiledKernel.Name;
import org.moelab.traces.model.ProfiledKernel.NvtxRange;
import org.moelab.traces.model.ProfiledKernel.StackFrame;
import org.moelab.traces.model.ProfiledKernel.Workload;
import org.moelab.traces.ncu.proto.CallStack;
import org.moelab.traces.ncu.proto.GraphResult;
import org.moelab.traces.ncu.proto.Metric;
import org.moelab.traces.ncu.proto.MetricInstance;
import org.moelab.traces.ncu.proto.NvtxDomain;
import org.moelab.traces.ncu.proto.NvtxDomainState;
import org.moelab.traces.ncu.proto.NvtxProcessDomain;
import org.moelab.traces.ncu.proto.NvtxState;
import org.moelab.traces.ncu.proto.NvtxThread;
import org.moelab.traces.ncu.proto.ProfileResult;
import org.moelab.traces.ncu.proto.RangeResult;
import org.moelab.traces.ncu.proto.Source;
import org.moelab.traces.ncu.proto.SourceReference;
import org.moelab.traces.ncu.proto.Value;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

/// Turns a report's messages into the model: kernels, their rows of metrics, and modules.
final class KernelDecoder {
    /// The category of metrics that are sampled over time.
    private static final int SAMPLED = 1;

    private final List<String> names;
    private final MetricTable.Builder metrics;
    private final Findings findings;
    // kernels of a report mostly carry the same sections, byte for byte
    private final Map<ByteString, AnalysisSection> sections = new HashMap<>();

    /// @param names the report's strings, which grow as its blocks are read
    KernelDecoder(List<String> names, MetricTable.Builder metrics, Findings findings) {
        this.names = names;
        this.metrics = metrics;
        this.findings = findings;
    }

    /// Decodes a kernel and adds its metrics to the table.
    ///
    /// @param soleDevice the session's device, for kernels that do not name theirs
    ProfiledKernel kernel(int index, Workload workload, ProfileResult result, ProcessInfo process,
            OptionalInt soleDevice, boolean complete) {
        metrics.beginKernel();
        OptionalInt launchDevice = OptionalInt.empty();
        OptionalInt attributeDevice = OptionalInt.empty();
        for (Metric metric : distinct(result.getMetricsList())) {
            add(metric);
            String name = metric.getNameId() >= 0 && metric.getNameId() < names.size()
                    ? names.get(metric.getNameId())
                    : "";
            if (name.equals("launch__device_id")) {
                launchDevice = ordinal(metric.getValue());
            } else if (name.equals("device__attribute_device_index")) {
                attributeDevice = ordinal(metric.getValue());
            }
        }
        OptionalInt device = launchDevice.isPresent()
                ? launchDevice
                : attributeDevice.isPresent() ? attributeDevice : soleDevice;
        Launch launch = new Launch(extent(result.getGrid()), extent(result.getBlock()), device,
                result.hasContext() ? Integer.toUnsignedLong(result.getContext()) : -1,
                result.hasStream() ? result.getStream() : -1, process,
                result.hasThreadId() ? result.getThreadId() : -1);
        return new ProfiledKernel(index, workload,
                new Name(result.getFunctionName(), result.getMangledName(), result.getDemangledName()), launch,
                result.getCreationTimeS(), nvtx(result.getNvtx()), frames(result.getCallStack()),
                frames(result.getPythonStack()),
                result.getSource().hasSourceId()
                        ? OptionalLong.of(result.getSource().getSourceId())
                        : OptionalLong.empty(),
                sections(result), result.getRulesList().stream().map(RuleDecoder::rule).toList(), complete);
    }

    /// A range's record in the shape of a kernel's.
    static ProfileResult asKernel(RangeResult range) {
        ProfileResult.Builder result = ProfileResult.newBuilder().setFunctionName("range")
                .setThreadId(range.getThreadId()).addAllMetrics(range.getMetricsList())
                .setCreationTimeS(range.getCreationTimeS()).addAllSections(range.getSectionsList())
                .addAllRules(range.getRulesList()).setNvtx(range.getNvtx()).setContext(range.getContext())
                .setCallStack(range.getCallStack()).setPythonStack(range.getPythonStack());
        return withSoleModule(result, range.getSourceIdsList());
    }

    /// A graph's record in the shape of a kernel's.
    static ProfileResult asKernel(GraphResult graph) {
        ProfileResult.Builder result = ProfileResult.newBuilder().setFunctionName("graph")
                .setThreadId(graph.getThreadId()).addAllMetrics(graph.getMetricsList())
                .setCreationTimeS(graph.getCreationTimeS()).addAllSections(graph.getSectionsList())
                .addAllRules(graph.getRulesList()).setNvtx(graph.getNvtx()).setContext(graph.getContext())
                .setStream(graph.getStream()).setCallStack(graph.getCallStack())
                .setPythonStack(graph.getPythonStack());
        return withSoleModule(result, graph.getSourceIdsList());
    }

    private static ProfileResult withSoleModule(ProfileResult.Builder result, List<Long> modules) {
        return modules.size() == 1
                ? result.setSource(SourceReference.newBuilder().setSourceId(modules.getFirst())).build()
                : result.build();
    }

    /// A kernel's metrics, each name once: metrics that several sections ask for may be written again.
    private Collection<Metric> distinct(List<Metric> written) {
        Map<Integer, Metric> byName = new LinkedHashMap<>();
        for (Metric metric : written) {
            Metric earlier = byName.putIfAbsent(metric.getNameId(), metric);
            if (earlier != null && !earlier.equals(metric)) {
                findings.add("repeated-metric",
                        "%d {metric occurs again in its|metrics occur again in their} kernel with another value; the first value is kept");
            }
        }
        return byName.values();
    }

    /// Gives the rows their names, once all of the file's strings are read: a kernel may use names of a later block.
    void resolveNames() {
        Map<Integer, Integer> ids = new HashMap<>();
        metrics.resolveNames(id -> ids.computeIfAbsent(id, this::nameOf));
    }

    private int nameOf(int id) {
        if (id >= 0 && id < names.size()) {
            return metrics.intern(names.get(id));
        }
        findings.add("unknown-metric-name",
                "%d metric {name is missing in the file; its number stands for it|names are missing in the file; their numbers stand for them}");
        return metrics.intern("#" + Integer.toUnsignedString(id));
    }

    private void add(Metric metric) {
        MetricTable.Type type = type(metric.getValue());
        long bits = bits(metric.getValue());
        metrics.add(metric.getNameId(), type, bits, 0, metric.getCategory() == SAMPLED);
        if ((type == MetricTable.Type.DOUBLE || type == MetricTable.Type.FLOAT)
                && Double.isNaN(Double.longBitsToDouble(bits))) {
            findings.add("nan-metric",
                    "%d {metric is|metrics are} not a number, as after a failed launch or a division by nothing");
        }
        for (MetricInstance instance : metric.getInstancesList()) {
            metrics.addInstance(type(instance.getCorrelation()), bits(instance.getCorrelation()),
                    type(instance.getValue()), bits(instance.getValue()));
        }
    }

    private static MetricTable.Type type(Value value) {
        return value.hasFloat64()
                ? MetricTable.Type.DOUBLE
                : value.hasUint64()
                        ? MetricTable.Type.UINT64
                        : value.hasText()
                                ? MetricTable.Type.TEXT
                                : value.hasFloat32()
                                        ? MetricTable.Type.FLOAT
                                        : value.hasUint32() ? MetricTable.Type.UINT32 : MetricTable.Type.NONE;
    }

    private long bits(Value value) {
        return switch (type(value)) {
            case NONE -> 0;
            case TEXT -> metrics.intern(value.getText());
            case FLOAT -> Double.doubleToLongBits(value.getFloat32());
            case DOUBLE -> Double.doubleToLongBits(value.getFloat64());
            case UINT32 -> Integer.toUnsignedLong(value.getUint32());
            case UINT64 -> value.getUint64();
        };
    }

    private static OptionalInt ordinal(Value value) {
        double number = value.hasFloat64()
                ? value.getFloat64()
                : value.hasUint64() ? value.getUint64() : value.hasUint32() ? value.getUint32() : -1;
        return number >= 0 && number < 1 << 16 ? OptionalInt.of((int) number) : OptionalInt.empty();
    }

    private static Extent extent(org.moelab.traces.ncu.proto.Extent e) {
        return new Extent(e.getX(), e.getY(), e.getZ());
    }

    private static List<NvtxRange> nvtx(NvtxState state) {
        Map<Long, String> domains = new HashMap<>();
        for (NvtxDomain domain : state.getDomainsList()) {
            domains.put(domain.getId(), domain.getName());
        }
        List<NvtxRange> ranges = new ArrayList<>();
        for (NvtxThread thread : state.getThreadsList()) {
            for (NvtxDomainState domain : thread.getDomainsList()) {
                String name = domains.getOrDefault(domain.getDomainId(), "");
                domain.getPushPopRangesList().forEach(r -> ranges
                        .add(new NvtxRange(NvtxRange.Kind.PUSH_POP, name, thread.getThreadId(), r.getText())));
            }
        }
        for (NvtxProcessDomain domain : state.getProcessDomainsList()) {
            String name = domains.getOrDefault(domain.getDomainId(), "");
            domain.getStartEndRangesList().forEach(
                    r -> ranges.add(new NvtxRange(NvtxRange.Kind.START_END, name, r.getThreadId(), r.getText())));
        }
        return ranges;
    }

    private static List<StackFrame> frames(CallStack stack) {
        return stack.getFramesList().stream()
                .map(f -> new StackFrame(f.getModule(), f.getFunction(), f.getFile(), f.getLine(), f.getAddress()))
                .toList();
    }

    private List<AnalysisSection> sections(ProfileResult result) {
        List<AnalysisSection> list = new ArrayList<>();
        for (ByteString packed : result.getSectionsList()) {
            AnalysisSection section = sections.get(packed);
            if (section == null) {
                try {
                    section = SectionDecoder.section(packed);
                } catch (InvalidProtocolBufferException _) {
                    findings.add("damaged-section",
                            "%d {section could not be decoded and is|sections could not be decoded and are} left out");
                    continue;
                }
                sections.put(packed, section);
            }
            list.add(section);
        }
        return list;
    }

    /// Decodes a module.
    KernelModule module(Source source) {
        int capability = source.getComputeCapability();
        String architecture = capability == 0 ? "" : "sm_" + (capability >>> 16) + (capability & 0xFFFF);
        Optional<Cubin> cubin = source.getCubin().isEmpty()
                ? Optional.empty()
                : Optional.of(new Cubin(source.getCubin().toByteArray()));
        return new KernelModule(source.getId(), architecture, cubin,
                source.getSymbols().getFunctionsList().stream()
                        .map(s -> new KernelModule.Symbol(s.getName(), s.getAddress())).toList(),
                source.getFiles().getFilesList().stream()
                        .map(f -> new KernelModule.SourceFile(f.getPath(), f.getContent())).toList());
    }
}
