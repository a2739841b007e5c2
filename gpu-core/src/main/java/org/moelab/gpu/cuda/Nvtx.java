package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/// Named ranges of the host's time that profilers show, in a domain of their own. Without a profiler a call does nothing.
/// Any thread may use it; ranges nest within a thread.
///
/// Source of the functions, the structure and its numbers: nvToolsExt.h of NVTX 3; libnvToolsExt of older CUDA has the same.
public final class Nvtx implements AutoCloseable {
    private static final short VERSION = 2;
    private static final short ATTRIBUTE_BYTES = 48;
    private static final long SIZE_OFFSET = 2;
    private static final long MESSAGE_TYPE_OFFSET = 32;
    private static final long MESSAGE_OFFSET = 40;
    private static final int REGISTERED = 3;

    /// `nvtxDomainCreateA`: the name; gives the domain.
    public interface CreateDomain {
        MemorySegment call(MemorySegment name);
    }

    /// `nvtxDomainRegisterStringA`: the domain, a text; gives the text's handle.
    public interface Register {
        MemorySegment call(MemorySegment domain, MemorySegment text);
    }

    /// `nvtxDomainDestroy`.
    public interface DestroyDomain {
        void call(MemorySegment domain);
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment domain;
    private final Register register;
    private final Signatures.PP push;
    private final Signatures.P pop;
    private final DestroyDomain destroy;
    private final MemorySegment attributes;
    private final Map<String, MemorySegment> names = new HashMap<>();

    private Nvtx(ForeignLibrary library, String domainName) throws CudaUnavailableException {
        CreateDomain create = library.bind(CreateDomain.class, "nvtxDomainCreateA",
                FunctionDescriptor.of(POINTER, POINTER));
        register = library.bind(Register.class, "nvtxDomainRegisterStringA",
                FunctionDescriptor.of(POINTER, POINTER, POINTER));
        destroy = library.bind(DestroyDomain.class, "nvtxDomainDestroy", FunctionDescriptor.ofVoid(POINTER));
        push = library.bind(Signatures.PP.class, "nvtxDomainRangePushEx", POINTER, POINTER);
        pop = library.bind(Signatures.P.class, "nvtxDomainRangePop", POINTER);
        attributes = arena.allocate(MemoryLayout.sequenceLayout(ATTRIBUTE_BYTES / Long.BYTES, ValueLayout.JAVA_LONG));
        attributes.set(ValueLayout.JAVA_SHORT, 0, VERSION);
        attributes.set(ValueLayout.JAVA_SHORT, SIZE_OFFSET, ATTRIBUTE_BYTES);
        attributes.set(INT, MESSAGE_TYPE_OFFSET, REGISTERED);
        domain = create.call(arena.allocateFrom(domainName));
    }

    /// Loads the library and makes a domain.
    ///
    /// @param domain what profilers call it
    /// @throws CudaUnavailableException where the library is not installed or is no NVTX
    public static Nvtx open(LibraryFinder finder, String domain) throws CudaUnavailableException {
        return new Nvtx(ForeignLibrary.open(finder.find(CudaLibrary.NVTX).orElseThrow(
                () -> new CudaUnavailableException(
                        CudaLibrary.NVTX.fileNames().getFirst() + " is not installed: no ranges for profilers"))),
                domain);
    }

    /// Begins a range within the range that is open on this thread. A name is handed to the profiler once and is kept, so
    /// names should be few.
    public synchronized void push(String name) {
        MemorySegment handle = names.computeIfAbsent(name, n -> register.call(domain, arena.allocateFrom(n)));
        attributes.set(POINTER, MESSAGE_OFFSET, handle);
        push.call(domain, attributes);
    }

    /// Ends the range that was begun last on this thread.
    public void pop() {
        pop.call(domain);
    }

    @Override
    public void close() {
        destroy.call(domain);
        arena.close();
    }
}
