package org.moelab.app.cli;

import java.util.Objects;

import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote into the jar.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] { "MoE Lab " + number() };
    }

    /// The version, or `development` where the classes do not come from the jar.
    static String number() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}
