package org.moelab.gpu.engine;

/// How far logits are from a reference.
public final class LogitError {
    private LogitError() {
    }

    /// The relative L2 error over all rows: |logits - reference| / |reference|; not-a-number where a logit is.
    public static double relative(float[][] logits, double[][] reference) {
        if (logits.length != reference.length) {
            throw new IllegalArgumentException(logits.length + " rows for " + reference.length);
        }
        double difference = 0;
        double size = 0;
        for (int r = 0; r < logits.length; r++) {
            for (int i = 0; i < reference[r].length; i++) {
                double d = logits[r][i] - reference[r][i];
                difference += d * d;
                size += reference[r][i] * reference[r][i];
            }
        }
        return Math.sqrt(difference / size);
    }

    /// The same against logits of another engine.
    public static double relative(float[][] logits, float[][] reference) {
        double[][] wide = new double[reference.length][];
        for (int r = 0; r < wide.length; r++) {
            wide[r] = new double[reference[r].length];
            for (int i = 0; i < wide[r].length; i++) {
                wide[r][i] = reference[r][i];
            }
        }
        return relative(logits, wide);
    }
}
