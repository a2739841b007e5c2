package org.moelab.traces.model;

import java.util.List;
import java.util.Optional;

/// A module of device code that profiled kernels came from.
///
/// @param id what [ProfiledKernel#module()] refers to
/// @param architecture such as `sm_90`, empty where unknown
/// @param cubin the code, where the report embeds it
/// @param symbols where its functions were loaded; empty in reports before 2022.3
/// @param files source files that the report embeds
public record KernelModule(long id, String architecture, Optional<Cubin> cubin, List<Symbol> symbols,
        List<SourceFile> files) {
    public KernelModule {
        symbols = List.copyOf(symbols);
        files = List.copyOf(files);
    }

    /// A function of the module.
    ///
    /// @param name mangled
    /// @param address where it was loaded
    public record Symbol(String name, long address) {}

    /// A source file.
    ///
    /// @param path as the compiler knew it
    /// @param content its text
    public record SourceFile(String path, String content) {}
}
