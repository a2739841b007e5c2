package org.moelab.traces.model;

/// Where a track's events happened. A part that does not apply is [#NONE].
///
/// @param process index into [Trace#processes()]
/// @param thread the operating system's thread id
/// @param device the device id as the producer numbers it
/// @param context the CUDA context id
/// @param stream the stream id
public record Locus(int process, long thread, int device, long context, long stream) {
    /// Marks a part that does not apply.
    public static final int NONE = -1;
    /// Nowhere in particular.
    public static final Locus NOWHERE = new Locus(NONE, NONE, NONE, NONE, NONE);

    /// A process as a whole.
    public static Locus process(int process) {
        return new Locus(process, NONE, NONE, NONE, NONE);
    }

    /// A host thread of a process.
    public static Locus thread(int process, long thread) {
        return new Locus(process, thread, NONE, NONE, NONE);
    }

    /// A device as a process sees it.
    public static Locus device(int process, int device) {
        return new Locus(process, NONE, device, NONE, NONE);
    }

    /// A stream of a device, in a context where the producer tells it.
    public static Locus stream(int process, int device, long context, long stream) {
        return new Locus(process, NONE, device, context, stream);
    }
}
