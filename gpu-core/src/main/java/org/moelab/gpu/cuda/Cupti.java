package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// NVIDIA's profiling library, as far as it records what a process does on its GPUs.
///
/// Its callbacks can be registered once in a process and never taken back, so there is one of these; while no kind of
/// activity is enabled it records nothing and costs nothing. It is to be opened before the driver is started.
///
/// Source of functions and numbers: cupti_activity.h, cupti_version.h and cupti_callbacks.h of CUDA 13.0.
public final class Cupti {
    private static final long BUFFER_BYTES = 8L << 20;
    private static final int DRIVER_DOMAIN = 1;
    private static final int RUNTIME_DOMAIN = 2;
    private static final int CUSTOM_0 = 3;
    private static final int FORCED = 1;
    private static final int SYSTEM_THREAD_IDS = 1;
    private static final int END_OF_RECORDS = 12;
    private static final int INCOMPLETE_RECORD = 21;
    /// The numbers of the first version of CUDA 12 and the first of CUDA 13; then and since, structures grow at their end.
    private static final int CUDA_12 = 19;
    private static final int CUDA_13 = 130_000;
    private static final int CUDA_14 = 140_000;

    private static Optional<Cupti> opened = Optional.empty();

    private final ForeignLibrary library;
    private final RecordBuffers buffers = new RecordBuffers(BUFFER_BYTES);
    private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
    private final Signatures.P timestamp;
    private final Signatures.IL push;
    private final Signatures.IP pop;
    private final Signatures.PLP nextRecord;
    private final Signatures.I enable;
    private final Signatures.I disable;
    private final Signatures.I flush;
    private final Signatures.PIP dropped;
    private final Signatures.IIP callbackName;
    private final int version;
    private volatile Consumer<MemorySegment> receiver = _ -> {
    };

    private Cupti(ForeignLibrary library) throws CudaUnavailableException {
        this.library = library;
        timestamp = library.bind(Signatures.P.class, "cuptiGetTimestamp", POINTER);
        push = library.bind(Signatures.IL.class, "cuptiActivityPushExternalCorrelationId", INT, LONG);
        pop = library.bind(Signatures.IP.class, "cuptiActivityPopExternalCorrelationId", INT, POINTER);
        nextRecord = library.bind(Signatures.PLP.class, "cuptiActivityGetNextRecord", POINTER, LONG, POINTER);
        enable = library.bind(Signatures.I.class, "cuptiActivityEnable", INT);
        disable = library.bind(Signatures.I.class, "cuptiActivityDisable", INT);
        flush = library.bind(Signatures.I.class, "cuptiActivityFlushAll", INT);
        dropped = library.bind(Signatures.PIP.class, "cuptiActivityGetNumDroppedRecords", POINTER, INT, POINTER);
        callbackName = library.bind(Signatures.IIP.class, "cuptiGetCallbackName", INT, INT, POINTER);
        Signatures.P getVersion = library.bind(Signatures.P.class, "cuptiGetVersion", POINTER);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(INT);
            check("cuptiGetVersion", getVersion.call(number));
            version = number.get(INT, 0);
        }
    }

    /// Loads the library and registers for its records, once in a process.
    ///
    /// @throws CudaUnavailableException where it is not installed, or is of a version whose records are not known
    public static synchronized Cupti open(LibraryFinder finder) throws CudaUnavailableException {
        if (opened.isEmpty()) {
            Cupti cupti = new Cupti(ForeignLibrary.open(finder.find(CudaLibrary.CUPTI)
                    .orElseThrow(() -> new CudaUnavailableException(CudaLibrary.CUPTI.fileNames().getFirst()
                            + " is not installed: it records what the GPU does"))));
            requireKnown(cupti.version);
            cupti.register();
            opened = Optional.of(cupti);
        }
        return opened.get();
    }

    /// @throws CudaUnavailableException where records of this version of the library are not known
    static void requireKnown(int version) throws CudaUnavailableException {
        if (version < CUDA_12 || version >= CUDA_14 || version > 99 && version < CUDA_13) {
            throw new CudaUnavailableException(
                    "CUPTI of version " + version + " is not supported: expected that of CUDA 12 or 13");
        }
    }

    private void register() throws CudaUnavailableException {
        // system thread ids, as other tools show them; without, CUPTI gives the halves of pointers
        library.find(Signatures.I.class, "cuptiSetThreadIdType", FunctionDescriptor.of(INT, INT))
                .ifPresent(set -> set.call(SYSTEM_THREAD_IDS));
        MemorySegment requested = ForeignLibrary.callback(method("requested", MemorySegment.class,
                MemorySegment.class, MemorySegment.class),
                FunctionDescriptor.ofVoid(outPointer(), outSize(), outSize()));
        MemorySegment completed = ForeignLibrary.callback(
                method("completed", MemorySegment.class, int.class, MemorySegment.class, long.class, long.class),
                FunctionDescriptor.ofVoid(POINTER, INT, POINTER, LONG, LONG));
        check("cuptiActivityRegisterCallbacks",
                library.bind(Signatures.PP.class, "cuptiActivityRegisterCallbacks", POINTER, POINTER).call(requested,
                        completed));
    }

    private MethodHandle method(String name, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().bind(this, name, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    @SuppressWarnings("restricted") // CUPTI passes where to write a pointer
    private static AddressLayout outPointer() {
        return POINTER.withTargetLayout(POINTER);
    }

    @SuppressWarnings("restricted") // CUPTI passes where to write a size
    private static AddressLayout outSize() {
        return POINTER.withTargetLayout(LONG);
    }

    /// `CUpti_BuffersCallbackRequestFunc`. An error that left it would end the process; without a buffer CUPTI drops records
    /// and counts them.
    @SuppressWarnings("UnusedMethod") // called by CUPTI
    private void requested(MemorySegment buffer, MemorySegment size, MemorySegment mostRecords) {
        MemorySegment lent = MemorySegment.NULL;
        try {
            lent = buffers.lend();
        } catch (RuntimeException | OutOfMemoryError e) {
            failure.set(Optional.of(e));
        }
        buffer.set(POINTER, 0, lent);
        size.set(LONG, 0, lent.byteSize());
        mostRecords.set(LONG, 0, 0);
    }

    /// `CUpti_BuffersCallbackCompleteFunc`. An error that left it would end the process.
    @SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // called by CUPTI, on its own thread, with all of these
    private void completed(MemorySegment context, int stream, MemorySegment buffer, long size, long valid) {
        try {
            forEachRecord(buffers.at(buffer.address()).asSlice(0, valid), receiver);
        } catch (RuntimeException | Error e) {
            failure.set(Optional.of(e));
        } finally {
            buffers.takeBack(buffer.address());
        }
    }

    /// Gives each record of a buffer, as memory from its first byte to the end of the buffer; stepping is the library's own,
    /// which knows the sizes of its version.
    void forEachRecord(MemorySegment records, Consumer<MemorySegment> consumer) {
        if (records.byteSize() == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment next = arena.allocate(POINTER);
            int status = nextRecord.call(records, records.byteSize(), next);
            while (status == 0) {
                consumer.accept(records.asSlice(next.get(POINTER, 0).address() - records.address()));
                status = nextRecord.call(records, records.byteSize(), next);
            }
            if (status != END_OF_RECORDS && status != INCOMPLETE_RECORD) {
                check("cuptiActivityGetNextRecord", status);
            }
        }
    }

    /// The library's version: below 100 up to CUDA 12, then `xxyyzz`.
    public int version() {
        return version;
    }

    /// Who gets the records from now on, each valid during the call only, on a thread of CUPTI's.
    public void deliverTo(Consumer<MemorySegment> consumer) {
        receiver = consumer;
    }

    /// Records activities of a kind of `CUpti_ActivityKind` from now on.
    ///
    /// @throws CudaException where the library refuses, as it does without a driver
    public void enable(int kind) {
        check("cuptiActivityEnable (" + kind + ")", enable.call(kind));
    }

    /// Records activities of a kind no longer.
    public void disable(int kind) {
        check("cuptiActivityDisable (" + kind + ")", disable.call(kind));
    }

    /// Waits until all records of finished work have been delivered, and gives back the memory for them that is idle.
    ///
    /// @throws IllegalStateException where a record could not be read
    public void flush() {
        check("cuptiActivityFlushAll", flush.call(FORCED));
        buffers.free();
        failure.getAndSet(Optional.empty()).ifPresent(e -> {
            throw new IllegalStateException("reading CUPTI's records: " + e, e);
        });
    }

    /// Records that found no room since this was last asked.
    public long dropped() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(LONG);
            check("cuptiActivityGetNumDroppedRecords", dropped.call(MemorySegment.NULL, 0, count));
            return count.get(LONG, 0);
        }
    }

    /// The clock of the records, in ns; for one thread.
    public LongSupplier clock() {
        MemorySegment now = Arena.ofAuto().allocate(LONG);
        return () -> {
            check("cuptiGetTimestamp", timestamp.call(now));
            return now.get(LONG, 0);
        };
    }

    /// Marks the driver calls that this thread makes from now on with an id, until [#popExternalId]; ids nest.
    public void pushExternalId(long id) {
        check("cuptiActivityPushExternalCorrelationId", push.call(CUSTOM_0, id));
    }

    /// Ends the marking with the id pushed last.
    public void popExternalId() {
        check("cuptiActivityPopExternalCorrelationId", pop.call(CUSTOM_0, MemorySegment.NULL));
    }

    /// The name of a driver function by its callback id, such as `cuLaunchKernel`; `driver call 307` for one without.
    public String driverCall(int callbackId) {
        return call(DRIVER_DOMAIN, callbackId, "driver call ");
    }

    /// The name of a runtime function by its callback id, such as `cudaLaunchKernel_v7000`; `runtime call 211` for one without.
    public String runtimeCall(int callbackId) {
        return call(RUNTIME_DOMAIN, callbackId, "runtime call ");
    }

    private String call(int domain, int callbackId, String otherwise) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(POINTER);
            int status = callbackName.call(domain, callbackId, name);
            String text = status == 0 ? ForeignLibrary.string(name.get(POINTER, 0)) : "";
            return text.isEmpty() ? otherwise + callbackId : text;
        }
    }

    /// The C string at an address that a record holds, empty for 0.
    public static String text(long address) {
        return ForeignLibrary.string(MemorySegment.ofAddress(address));
    }

    private void check(String call, int status) {
        if (status != 0) {
            throw new CudaException(call, status, name(status), "");
        }
    }

    private String name(int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(POINTER);
            return library.find(Signatures.IP.class, "cuptiGetResultString", FunctionDescriptor.of(INT, INT, POINTER))
                    .filter(f -> f.call(status, text) == 0).map(_ -> ForeignLibrary.string(text.get(POINTER, 0)))
                    .orElse("CUPTI error");
        }
    }
}
