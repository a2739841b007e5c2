package org.moelab.gpu.model;

/// Rotary position embedding stretched over a longer context by YaRN (Peng et al., 2023, section 3).
///
/// @param theta base of the angles
/// @param factor how many times longer the context is than the one trained on, 1 for plain rotary embedding
/// @param originalContext the context trained on, in tokens
/// @param betaFast rotations within it above which a dimension is left as it is
/// @param betaSlow rotations within it below which a dimension is stretched in full
/// @param truncate whether the ramp between the two begins and ends at whole dimensions
public record RopeScaling(double theta, double factor, int originalContext, double betaFast, double betaSlow,
        boolean truncate) {
    public RopeScaling {
        if (!(theta > 1 && factor > 0 && originalContext > 0 && betaFast > 0 && betaSlow > 0)
                || Double.isInfinite(theta * factor * betaFast * betaSlow)) {
            throw new IllegalArgumentException("rope: theta " + theta + ", factor " + factor + ", original context "
                    + originalContext + ", beta_fast " + betaFast + " and beta_slow " + betaSlow
                    + " do not make angles");
        }
    }

    /// The angle that each pair of dimensions turns a position, `headSize / 2` of them.
    public float[] inverseFrequencies(int headSize) {
        int half = headSize / 2;
        double low = rampAt(betaFast, headSize);
        double high = rampAt(betaSlow, headSize);
        if (truncate) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, headSize - 1.0);
        float[] angles = new float[half];
        for (int i = 0; i < half; i++) {
            double extrapolated = Math.pow(theta, -2.0 * i / headSize);
            double stretched = extrapolated / factor;
            double ramp = factor == 1 ? 0 : Math.clamp((i - low) / Math.max(high - low, 0.001), 0.0, 1.0);
            angles[i] = (float) (stretched * ramp + extrapolated * (1 - ramp));
        }
        return angles;
    }

    /// The dimension that turns so many times within the context trained on.
    private double rampAt(double rotations, int headSize) {
        return headSize * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    /// What cosines and sines are multiplied by: 0.1 ln(factor) + 1.
    public float concentration() {
        return factor <= 1 ? 1.0f : (float) (0.1 * Math.log(factor) + 1.0);
    }
}
