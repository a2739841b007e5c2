package org.moelab.gpu.engine;

import java.util.Map;

import org.moelab.gpu.model.MoeConfig;

/// A model's sizes by the names under which kernels take them as constants.
final class KernelSizes {
    private KernelSizes() {
    }

    static Map<String, Integer> of(MoeConfig c) {
        return Map.of("chosen", c.chosen(), "hidden", c.hidden(), "intermediate", c.intermediate(), "kv-heads",
                c.kvHeads(), "query-heads", c.queryHeads(), "query-width", c.queryWidth());
    }
}
