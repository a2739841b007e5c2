package org.moelab.app.timeline;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.Trace;

/// What stands in the bars of one trace: names of functions without scopes and parameters, other names as they are.
/// Each is made when first asked for. Safe for use by any number of threads.
public final class SliceLabels {
    /// What CUPTI appends to the names of calls: the CUDA version that brought the call.
    private static final Pattern API_VERSION = Pattern.compile("_v\\d{4,5}$");
    private static final List<String> LIBRARIES = List.of("cuda", "cu", "hip");

    private final Trace trace;
    /// Racing threads write equal strings.
    private final @Nullable String[] labels;

    /// For the names of a trace.
    public SliceLabels(Trace trace) {
        this.trace = trace;
        this.labels = new String[trace.strings().size()];
    }

    /// The label of a name.
    ///
    /// @param nameId an index into the trace's strings
    public String of(int nameId) {
        String label = labels[nameId];
        if (label == null) {
            String name = trace.strings().get(nameId);
            label = FunctionName.parse(name.startsWith("cu") ? API_VERSION.matcher(name).replaceFirst("") : name)
                    .label();
            labels[nameId] = label;
        }
        return label;
    }

    /// What is left of a label where there is little room: the part behind the last scope, such as `mm` of `aten::mm`,
    /// or behind a library's prefix, such as `LaunchKernel` of `cudaLaunchKernel`.
    static String shortened(String label) {
        int scope = label.lastIndexOf("::");
        if (scope >= 0 && label.indexOf('<') < 0) {
            return label.substring(scope + 2);
        }
        for (String library : LIBRARIES) {
            if (label.startsWith(library) && label.length() > library.length()
                    && Character.isUpperCase(label.charAt(library.length()))) {
                return label.substring(library.length());
            }
        }
        return label;
    }
}
