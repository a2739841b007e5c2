package org.moelab.traces.nsys;

/// What can be odd about single rows of a capture. Each is counted and told once.
enum Oddity {
    NEGATIVE_DURATION("negative-duration", "%d events end before they start and are shown as instants"), NO_END(
            "range-without-end",
            "%d NVTX ranges never end; as in nsys stats they last to the last NVTX event"), ENDS_ELSEWHERE(
                    "range-across-threads",
                    "%d NVTX start/end ranges end on another thread and are not projected onto the GPU"), BACKTRACE_ROW(
                            "backtrace-row",
                            "%d rows repeat an API call to hold its backtrace; they launch nothing, and cuda_api_sum counts them as the reference does"), NO_START(
                                    "dropped",
                                    "%d rows have no time, or an impossible one, and are left out"), UNKNOWN_NVTX(
                                            "dropped-nvtx",
                                            "%d NVTX rows are of a type that is not shown"), UNKNOWN_NAME(
                                                    "missing-string",
                                                    "%d names refer to strings that the file lacks"), UNSORTED_SAMPLES(
                                                            "clock-backwards",
                                                            "%d counter samples are older than the one before and were sorted");

    private final String code;
    private final String message;

    Oddity(String code, String message) {
        this.code = code;
        this.message = message;
    }

    /// The warning's code for scripts.
    String code() {
        return code;
    }

    /// The sentence for people.
    String message(long count) {
        return message.formatted(count);
    }
}
