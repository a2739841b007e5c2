package org.moelab.gpu.cuda;

/// The generation of a GPU: 9.0 is Hopper, 10.0 is Blackwell.
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {
    /// The architecture's name as compilers write it, without a suffix: `sm_90`.
    public String architecture() {
        return "sm_" + major + minor;
    }

    /// What to compile for, to run on such GPUs alone and use all that they have: `sm_90a`. Before 9.0 there is no such code,
    /// and this is the architecture's own name.
    public String target() {
        return architecture() + (major >= 9 ? "a" : "");
    }

    @Override
    public int compareTo(ComputeCapability other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
