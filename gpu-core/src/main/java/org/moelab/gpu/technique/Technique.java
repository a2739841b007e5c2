package org.moelab.gpu.technique;

import java.util.List;

/// A way to make inference faster, as data: the engine asks whether its id is on.
///
/// @param id short and stable, in kebab case
/// @param name what people call it
/// @param layer the layer that brings it, 1 to 6
/// @param chapter the chapter of the ladder's outline that treats it
/// @param what what it is
/// @param how how it is applied here; empty where it is not
/// @param needs what it needs of the hardware or a library; empty for nothing
/// @param requires the techniques, by id, that must be on for this one to change what runs: those whose kernels it is about
/// @param kernels the kernels that it brings; a star stands for variants
/// @param metric the figure that it should move
/// @param status whether it changes what runs
/// @param reason why not, where it is not applicable; what was measured, where it is on request
public record Technique(String id, String name, int layer, int chapter, String what, String how, String needs,
        List<String> requires, List<String> kernels, String metric, Status status,
        String reason) {
    public Technique {
        requires = List.copyOf(requires);
        kernels = List.copyOf(kernels);
    }

    /// Whether the engine knows it, so that it can be switched on and off.
    public boolean isSwitch() {
        return status == Status.DONE || status == Status.ON_REQUEST;
    }

    /// Whether a technique changes what runs.
    public enum Status {
        /// It does, and can be switched off.
        DONE("done"),
        /// It does where it is asked for by name, and is part of no layer: it was slower where it was measured, or was
        /// not measured; the reason says which.
        ON_REQUEST("on request"),
        /// Its kernels are written and compiled for a machine that was not at hand, so that nobody has seen them run; nothing
        /// launches them. The reason says what has been checked of them.
        NOT_RUN("compiled, not run"),
        /// It will.
        NOT_YET("not yet"),
        /// It cannot for this model or this kind of machine; the reason says why.
        NOT_APPLICABLE("not applicable");

        private final String label;

        Status(String label) {
            this.label = label;
        }

        /// The words for people and for the catalogue's file.
        public String label() {
            return label;
        }
    }
}
