package org.moelab.traces.advice;

import java.util.Optional;
import java.util.regex.Pattern;

/// Calls of the CUDA and HIP interfaces that hold the host up, by what they wait for.
enum BlockingCall {
    /// Waits for the device: streams, events, contexts.
    SYNCHRONISATION("synchronisation", "Synchronize"),
    /// Copies that return when they are done.
    COPY("synchronous copies", "^(?:cuda|cu|hip)Memcpy(?!.*Async)"),
    /// Takes or gives back memory, or pins it. Stream-ordered allocation (`…Async`) does not wait.
    ALLOCATION("allocation",
            "^(?:cuda|cu|hip)(?:Malloc|Mem(?:Alloc|Free|HostAlloc|HostRegister|HostUnregister)|Free|Host(?:Alloc|Register|Unregister|Malloc|Free))(?!.*Async)"),
    /// Brings code onto the device.
    LOADING("loading of modules", "Module(?:Load|Unload)|LibraryLoad|LibraryUnload|GraphInstantiate");

    private final String label;
    private final Pattern name;

    BlockingCall(String label, String name) {
        this.label = label;
        this.name = Pattern.compile(name);
    }

    /// What it is in a sentence.
    String label() {
        return label;
    }

    /// What a call of this name waits for; empty where it does not.
    static Optional<BlockingCall> of(String call) {
        for (BlockingCall kind : values()) {
            if (kind.name.matcher(call).find()) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
