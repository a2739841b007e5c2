package org.moelab.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;

import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.KernelModule;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;

/// What a kernel report holds, summed over its kernels.
///
/// @param names how many times each kernel was profiled, by its fullest readable name
/// @param instances values of metrics split by instruction, unit or time
/// @param sections how many kernels have each section, by its name
/// @param rules how many kernels each rule found something in, by its name
/// @param findings messages of those rules
/// @param sourceFiles embedded in modules
/// @param cubins modules that embed their machine code
record KernelReportCounts(Map<String, Integer> names, long instances, Map<String, Integer> sections,
        Map<String, Integer> rules, int findings, int sourceFiles, int cubins) {
    static KernelReportCounts of(KernelReport report) {
        Map<String, Integer> names = new LinkedHashMap<>();
        Map<String, Integer> sections = new LinkedHashMap<>();
        Map<String, Integer> rules = new LinkedHashMap<>();
        int findings = 0;
        for (ProfiledKernel kernel : report.kernels()) {
            names.merge(kernel.name().display(), 1, Integer::sum);
            for (AnalysisSection section : kernel.sections()) {
                sections.merge(section.name(), 1, Integer::sum);
            }
            for (RuleResult rule : kernel.rules()) {
                if (!rule.messages().isEmpty()) {
                    rules.merge(rule.name(), 1, Integer::sum);
                    findings += rule.messages().size();
                }
            }
        }
        return new KernelReportCounts(names, instances(report.metrics()), sections, rules, findings,
                report.modules().stream().mapToInt(m -> m.files().size()).sum(),
                (int) report.modules().stream().map(KernelModule::cubin).filter(c -> c.isPresent()).count());
    }

    private static long instances(MetricTable metrics) {
        long instances = 0;
        for (int row = 0; row < metrics.size(); row++) {
            instances += metrics.instanceCount(row);
        }
        return instances;
    }
}
