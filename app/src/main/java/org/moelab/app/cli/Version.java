package org.moelab.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

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

    /// The commit of the source that the build was made from, `-dirty` where files differed from it; empty where the build
    /// found no git or no repository.
    static Optional<String> commit() {
        try (InputStream in = Version.class.getResourceAsStream("commit.txt")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip())
                            .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException("reading the build's commit", e);
        }
    }
}
