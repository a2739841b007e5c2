package org.moelab.kernels.build;

/// The kernels could not be built. The message names the file and the place.
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1L;

    public BuildException(String problem) {
        super(problem);
    }
}
