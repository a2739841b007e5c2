package org.moelab.traces.ncu;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

import org.moelab.traces.model.Cubin;

/// A module's instructions as text, by function and offset.
///
/// @param texts empty where nothing could read the module
/// @param origin which program gave them, or why there are none
record Listing(Map<String, Map<Integer, String>> texts, String origin) {
    /// Listings by module, as a disassembler takes seconds for a large one and kernels of a report share it.
    private static final Map<Cubin, Listing> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    /// What the machine's disassembler makes of a module.
    static Listing of(Optional<Cubin> cubin) {
        if (cubin.isEmpty()) {
            return none("the report does not embed the kernel's machine code");
        }
        Optional<Disassembler> disassembler = Disassembler.find();
        if (disassembler.isEmpty()) {
            return none("no nvdisasm or cuobjdump on this machine (PATH, CUDA_HOME, /usr/local/cuda): "
                    + "instructions are shown by their bits");
        }
        Listing known = KNOWN.get(cubin.get());
        if (known == null) {
            known = of(disassembler.get(), cubin.get());
            // one that failed or was interrupted may succeed the next time
            if (!known.isEmpty()) {
                KNOWN.put(cubin.get(), known);
            }
        }
        return known;
    }

    private static Listing of(Disassembler disassembler, Cubin cubin) {
        try {
            return of(disassembler.disassemble(cubin), "text by " + disassembler.name());
        } catch (IOException e) {
            return none("the disassembler failed: " + e.getMessage());
        }
    }

    /// A listing of what a disassembler printed.
    static Listing of(Map<String, List<Disassembler.Instruction>> functions, String origin) {
        Map<String, Map<Integer, String>> texts = new HashMap<>();
        functions.forEach((name, code) -> {
            Map<Integer, String> of = HashMap.newHashMap(code.size());
            code.forEach(i -> of.put(i.offset(), i.text()));
            texts.put(name, of);
        });
        return new Listing(texts, origin);
    }

    /// No text, and why.
    static Listing none(String reason) {
        return new Listing(Map.of(), reason);
    }

    /// The instruction at an offset of a function; empty where it is not known.
    String text(String function, int offset) {
        return texts.getOrDefault(function, Map.of()).getOrDefault(offset, "");
    }

    /// Whether there is text.
    boolean isEmpty() {
        return texts.isEmpty();
    }
}
