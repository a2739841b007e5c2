package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.model.ProfiledKernel.NvtxRange;

/// The NVTX ranges in a cell of a CSV page that was printed with `--nvtx`.
final class NvtxCell {
    private static final Pattern TOKEN = Pattern.compile("\"([^\"]*)\"|(\\d+)");
    /// Payload type and value, colour type and colour, message type and message follow the text.
    private static final int PARTS_AFTER_TEXT = 6;

    private NvtxCell() {
    }

    /// The ranges of a cell such as `581  "domain:text:none:none:none:none:none:none"`, where each thread's id leads its
    /// ranges; those of the process carry an id within the quotes, and their thread is not told.
    static List<NvtxRange> ranges(String cell, NvtxRange.Kind kind) {
        List<NvtxRange> ranges = new ArrayList<>();
        long thread = -1;
        Matcher token = TOKEN.matcher(cell);
        while (token.find()) {
            if (token.start(1) < 0) {
                thread = token.end() - token.start() <= 18 ? Long.parseLong(token.group()) : -1;
                continue;
            }
            List<String> parts = List.of(token.group(1).split(":", -1));
            int domain = kind == NvtxRange.Kind.PUSH_POP ? 0 : 1;
            int textEnd = parts.size() - PARTS_AFTER_TEXT;
            if (textEnd > domain + 1) {
                ranges.add(new NvtxRange(kind, parts.get(domain), thread,
                        String.join(":", parts.subList(domain + 1, textEnd))));
            }
        }
        return ranges;
    }
}
