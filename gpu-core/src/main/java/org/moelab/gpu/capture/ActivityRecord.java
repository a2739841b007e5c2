package org.moelab.gpu.capture;

import org.moelab.traces.model.LaunchConfig;

/// One of CUPTI's activity records, with what a timeline needs of it. Times are ns on CUPTI's clock.
public sealed interface ActivityRecord {
    /// Work on a device.
    ///
    /// `correlation` is the id shared with the call that launched it; `graphNode` the id of the graph's node that it
    /// executed, 0 outside graphs.
    sealed interface DeviceWork extends ActivityRecord {
        long startNs();

        long endNs();

        Place place();

        long correlation();

        long graphNode();
    }

    /// Where device work was done, by CUPTI's numbers.
    record Place(int device, long context, long stream) {}

    /// A kernel.
    ///
    /// @param name as the compiler wrote it
    record Kernel(long startNs, long endNs, Place place, long correlation, long graphNode, String name,
            LaunchConfig launch) implements DeviceWork {}

    /// A copy.
    ///
    /// @param kind CUPTI's number of its direction
    record Copy(long startNs, long endNs, Place place, long correlation, long graphNode, int kind, long bytes)
            implements
                DeviceWork {}

    /// A fill.
    record Fill(long startNs, long endNs, Place place, long correlation, long graphNode, long bytes)
            implements
                DeviceWork {}

    /// A call into the driver, or of the runtime above it, through which libraries launch some of their kernels.
    ///
    /// @param thread the system's id of the calling thread
    /// @param result what it returned, 0 for success
    record Call(Api api, long startNs, long endNs, String name, long thread, long correlation, int result)
            implements
                ActivityRecord {
        /// What a call is one of.
        enum Api {
            DRIVER, RUNTIME
        }
    }

    /// A wait of the host for the device.
    ///
    /// @param type of `CUpti_ActivitySynchronizationType`
    /// @param stream what was waited for, -1 where it was no stream
    record Wait(long startNs, long endNs, int type, long correlation, long context, long stream)
            implements
                ActivityRecord {}

    /// One end of an NVTX range, or an instant.
    ///
    /// @param id that the two ends share
    /// @param name empty for the second end
    /// @param domain empty for the default one
    record Marker(long timeNs, long id, Shape shape, long thread, String name, String domain)
            implements
                ActivityRecord {
        /// What a marker marks.
        enum Shape {
            INSTANT, BEGIN, END
        }
    }

    /// Time that the profiler or the driver took for itself.
    ///
    /// @param kind of `CUpti_ActivityOverheadKind`
    record Overhead(long startNs, long endNs, int kind) implements ActivityRecord {}

    /// Says that a call was made under an id that this program pushed.
    record External(long id, long correlation) implements ActivityRecord {}
}
