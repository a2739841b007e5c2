package org.moelab.traces.model;

/// Something that an importer dropped, repaired or found suspicious.
///
/// @param code stable, in kebab case, for scripts: `truncated`, `negative-duration`, `kernel-without-launch` …
/// @param count how many events or rows it concerns
/// @param message one sentence for people, with the count in it
public record Warning(String code, long count, String message) {}
