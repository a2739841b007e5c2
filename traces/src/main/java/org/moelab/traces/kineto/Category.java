package org.moelab.traces.kineto;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.moelab.traces.model.EventKind;

/// What the `cat` of an event says about it, in all generations of the PyTorch profiler (2021 to today, on NVIDIA, AMD,
/// Intel and Meta's accelerators), in converters of Nsight Systems files, and in our own Chrome traces.
///
/// The first name of a kind is the one that [#nameOf] gives, so that a Chrome trace written with it reads back as the same
/// kind.
public enum Category {
    KERNEL(EventKind.KERNEL, Row.STREAM, "kernel Kernel concurrent_kernel cuda"), MEMCPY(EventKind.MEMCPY,
            Row.STREAM, "gpu_memcpy Memcpy"), MEMSET(EventKind.MEMSET, Row.STREAM, "gpu_memset Memset"), GRAPH(
                    EventKind.GRAPH, Row.STREAM, "gpu_graph"), DEVICE_OTHER(EventKind.DEVICE_OTHER,
                            Row.STREAM,
                            "gpu_other mtia_ccp_events mtia_insight hpu_op collective_comm"), DEVICE_ANNOTATION(
                                    EventKind.DEVICE_RANGE, Row.DEVICE_ANNOTATIONS,
                                    "gpu_user_annotation nvtx-kernel"), PROFILER_RANGE(EventKind.DEVICE_RANGE,
                                            Row.PROFILER_RANGES, "cuda_profiler_range"), SYNCHRONIZATION(
                                                    EventKind.SYNCHRONIZATION, Row.SYNCHRONIZATION,
                                                    "cuda_sync cuda_event"), RUNTIME(EventKind.RUNTIME_CALL, Row.CALLS,
                                                            "cuda_runtime Runtime hip_runtime hip_api mtia_runtime xpu_runtime glow_runtime privateuse1_runtime cuda_api"), DRIVER(
                                                                    EventKind.DRIVER_CALL, Row.CALLS,
                                                                    "cuda_driver xpu_driver privateuse1_driver"), OPERATOR(
                                                                            EventKind.CPU_OP,
                                                                            Row.OPERATORS,
                                                                            "cpu_op Operator"), ANNOTATION(
                                                                                    EventKind.RANGE,
                                                                                    Row.ANNOTATIONS,
                                                                                    "user_annotation nvtx"), START_END(
                                                                                            EventKind.START_END_RANGE,
                                                                                            Row.ASYNC,
                                                                                            "start_end_range"), MARK(
                                                                                                    EventKind.MARK,
                                                                                                    Row.ANNOTATIONS,
                                                                                                    "mark"), PYTHON(
                                                                                                            EventKind.PYTHON,
                                                                                                            Row.PYTHON,
                                                                                                            "python_function"), OS_RUNTIME(
                                                                                                                    EventKind.OS_RUNTIME,
                                                                                                                    Row.OS_RUNTIME,
                                                                                                                    "os_runtime"), INSTANT(
                                                                                                                            EventKind.MEMORY,
                                                                                                                            Row.MEMORY,
                                                                                                                            "cpu_instant_event"), OVERHEAD(
                                                                                                                                    EventKind.OVERHEAD,
                                                                                                                                    Row.OVERHEAD,
                                                                                                                                    "overhead"), SESSION(
                                                                                                                                            EventKind.OTHER,
                                                                                                                                            Row.SESSION,
                                                                                                                                            "Trace"), OTHER(
                                                                                                                                                    EventKind.OTHER,
                                                                                                                                                    Row.EVENTS,
                                                                                                                                                    "other");

    private static final Map<String, Category> BY_NAME = new HashMap<>();

    static {
        for (Category category : values()) {
            for (String name : category.names.split(" ", -1)) {
                BY_NAME.put(name, category);
            }
        }
    }

    private final EventKind kind;
    private final Row row;
    /// The spellings of `cat`, separated by spaces.
    private final String names;

    Category(EventKind kind, Row row, String names) {
        this.kind = kind;
        this.row = row;
        this.names = names;
    }

    /// What a complete event of this category is.
    public EventKind kind() {
        return kind;
    }

    Row row() {
        return row;
    }

    /// The category of this `cat`, empty where no producer known to us writes it.
    public static Optional<Category> of(String cat) {
        return Optional.ofNullable(BY_NAME.get(cat));
    }

    /// The `cat` under which an event of this kind is written into a Chrome trace.
    public static String nameOf(EventKind kind) {
        return Arrays.stream(values()).filter(c -> c.kind == kind).findFirst().orElse(OTHER).names.split(" ", -1)[0];
    }
}
