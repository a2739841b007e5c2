package org.moelab.traces.model;

/// Names a sparse column of facts about events.
///
/// @param name the producer's own name for it where it has one
/// @param type how the 64 bits of a value are read
/// @param unit the unit of a value, [Unit#NONE] for identifiers and text
public record AttributeKey(String name, Type type, Unit unit) {
    /// How a value's bits are read.
    public enum Type {
        /// A signed integer.
        LONG,
        /// An IEEE double.
        DOUBLE,
        /// An index into the string table.
        STRING
    }

    /// Bytes that a copy, fill or allocation moved or touched.
    public static final AttributeKey BYTES = new AttributeKey("bytes", Type.LONG, Unit.BYTES);
    /// Index into [Trace#launchConfigs()].
    public static final AttributeKey LAUNCH_CONFIG = new AttributeKey("launch config", Type.LONG, Unit.NONE);
    /// CUPTI's copy kind: 1 HtoD, 2 DtoH, 8 DtoD, 9 HtoH, 10 PtoP, 11/12/13 unified HtoD/DtoH/DtoD.
    public static final AttributeKey COPY_KIND = new AttributeKey("copy kind", Type.LONG, Unit.NONE);
    /// The node of a CUDA graph that a device event executed.
    public static final AttributeKey GRAPH_NODE = new AttributeKey("graph node", Type.LONG, Unit.NONE);
    /// The framework's id of the operator that caused an event.
    public static final AttributeKey EXTERNAL_ID = new AttributeKey("External id", Type.LONG, Unit.NONE);
    /// The NVTX domain of a range or mark, as text; absent in the default domain.
    public static final AttributeKey DOMAIN = new AttributeKey("domain", Type.STRING, Unit.NONE);
    /// What an API call returned, where it was not success.
    public static final AttributeKey RETURN_VALUE = new AttributeKey("return value", Type.LONG, Unit.NONE);
    /// The stream that an event of a host thread names; device events have theirs in the track's locus.
    public static final AttributeKey STREAM = new AttributeKey("stream", Type.LONG, Unit.NONE);
    /// What a copy or fill moved in its time, in GB/s as the PyTorch profiler computed it.
    public static final AttributeKey BANDWIDTH = new AttributeKey("memory bandwidth (GB/s)", Type.DOUBLE, Unit.NONE);
    /// The thread that a start/end range ended on, where it is another than the one it began on.
    public static final AttributeKey END_THREAD = new AttributeKey("end thread", Type.LONG, Unit.NONE);
    /// The operation of a model's plan that an event belongs to, such as `layer 3/attention/qkv`.
    public static final AttributeKey OPERATION = new AttributeKey("operation", Type.STRING, Unit.NONE);
    /// The kind of work that the operation is, such as `dense matmul`.
    public static final AttributeKey OPERATION_KIND = new AttributeKey("operation kind", Type.STRING, Unit.NONE);
    /// Marks an event that repeats an API call to hold its backtrace: the call's correlation id.
    public static final AttributeKey BACKTRACE_OF = new AttributeKey("backtrace of", Type.LONG, Unit.NONE);
}
