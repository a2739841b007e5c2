package org.moelab.gpu.capture;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.gpu.capture.ActivityRecord.DeviceWork;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.engine.OperationListener;

/// Records what the device does between [#start] and [#stop], and which step and operation had it done. One thread, which
/// is also the one that runs the session.
public final class Capture implements AutoCloseable {
    private static final List<Integer> KINDS = List.of(ActivityReader.EXTERNAL_CORRELATION, ActivityReader.DRIVER,
            ActivityReader.RUNTIME, ActivityReader.CONCURRENT_KERNEL, ActivityReader.MEMCPY, ActivityReader.MEMSET,
            ActivityReader.SYNCHRONIZATION, ActivityReader.MARKER, ActivityReader.OVERHEAD);

    private final Cupti cupti;
    private final LongSupplier clock;
    private final SpanRecorder spans;
    private final List<ActivityRecord> records = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> enabled = new ArrayList<>();
    private long startNs;
    private long epochNs;

    /// @param cupti opened before the driver was started
    public Capture(Cupti cupti) {
        this.cupti = cupti;
        this.clock = cupti.clock();
        this.spans = new SpanRecorder(clock, new SpanRecorder.Correlator() {
            @Override
            public void push(long id) {
                cupti.pushExternalId(id);
            }

            @Override
            public void pop() {
                cupti.popExternalId();
            }
        });
    }

    /// What the session must tell of its steps and operations; it may be called at any time.
    public OperationListener listener() {
        return spans;
    }

    /// Begins to record. The device should have nothing to do.
    ///
    /// @throws CudaException where the library refuses: without permission, or where another profiler is at work
    public void start() {
        records.clear();
        ActivityReader reader = new ActivityReader(new ActivityReader.Names() {
            @Override
            public String text(long address) {
                return Cupti.text(address);
            }

            @Override
            public String call(Api api, int callbackId) {
                return switch (api) {
                    case DRIVER -> cupti.driverCall(callbackId);
                    case RUNTIME -> cupti.runtimeCall(callbackId);
                };
            }
        });
        cupti.deliverTo(record -> receive(reader, record));
        for (int kind : KINDS) {
            cupti.enable(kind);
            enabled.add(kind);
        }
        cupti.flush();
        cupti.dropped(); // what was dropped before is nobody's
        records.clear();
        Instant now = Instant.now();
        startNs = clock.getAsLong();
        epochNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        spans.start();
    }

    private void receive(ActivityReader reader, MemorySegment record) {
        synchronized (records) { // one buffer at a time is the rule, not a promise
            reader.read(record).ifPresent(records::add);
        }
    }

    /// Ends the recording. The device must have done all that was asked of it.
    public CapturedRun stop() {
        List<Span> noted = spans.stop();
        disable();
        cupti.flush();
        long dropped = cupti.dropped();
        List<ActivityRecord> timed = new ArrayList<>();
        long untimed = 0;
        synchronized (records) {
            for (ActivityRecord record : records) {
                // CUPTI writes 0 for times that it could not get
                if (record instanceof DeviceWork work && (work.startNs() == 0 || work.endNs() < work.startNs())) {
                    untimed++;
                } else {
                    timed.add(record);
                }
            }
            records.clear();
        }
        cupti.deliverTo(_ -> {
        });
        return new CapturedRun(CapturedRun.withOneCallEach(timed), noted, startNs, epochNs, dropped, untimed);
    }

    private void disable() {
        while (!enabled.isEmpty()) {
            cupti.disable(enabled.removeLast());
        }
    }

    /// Ends a recording that was not stopped, and drops it.
    @Override
    public void close() {
        if (!enabled.isEmpty()) {
            stop();
        }
    }
}
