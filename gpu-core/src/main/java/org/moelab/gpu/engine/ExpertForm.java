package org.moelab.gpu.engine;

import java.util.Set;

import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// How the experts' matrices are kept on the device.
public enum ExpertForm {
    /// Unpacked, row by row.
    BF16("bf16"),
    /// Packed, in the kernels' tiles: see [Mxfp4Tiles].
    MXFP4("MXFP4");

    private final String label;

    ExpertForm(String label) {
        this.label = label;
    }

    /// The form that a set of techniques computes with.
    public static ExpertForm of(Set<String> techniques) {
        return techniques.contains("mxfp4") ? MXFP4 : BF16;
    }

    /// What device memory in this form is called.
    String purpose() {
        return "experts (" + label + ")";
    }

    /// Bytes of all experts' matrices of a model.
    public long bytes(MoeConfig c) {
        return c.layers() * switch (this) {
            case BF16 -> 4 * (WeightTensor.GATE_UP_CODES.count(c) + WeightTensor.DOWN_CODES.count(c));
            case MXFP4 -> c.experts() * (packed(Mxfp4Tiles.gateUp(c)) + packed(Mxfp4Tiles.down(c)));
        };
    }

    private static long packed(Mxfp4Tiles tiles) {
        return tiles.codeBytes() + tiles.scaleBytes();
    }
}
