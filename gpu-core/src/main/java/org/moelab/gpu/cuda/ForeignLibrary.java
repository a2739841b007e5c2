package org.moelab.gpu.cuda;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A shared library whose functions are called as methods of small interfaces.
///
/// A library stays loaded for the life of the process: several of NVIDIA's keep threads and exit handlers that do not
/// survive being unloaded.
final class ForeignLibrary {
    /// A C `int` or `unsigned int`, and every enumeration.
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    /// A 64-bit integer, a `size_t` or a `CUdeviceptr`.
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    /// A pointer or an opaque handle.
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();

    private final Path file;
    private final SymbolLookup symbols;
    private final Map<String, Object> bound = new ConcurrentHashMap<>();

    private ForeignLibrary(Path file, SymbolLookup symbols) {
        this.file = file;
        this.symbols = symbols;
    }

    /// Loads a library.
    ///
    /// @throws CudaUnavailableException where the loader refuses it: another architecture, or a library that it needs is missing
    @SuppressWarnings("restricted") // calling into native code is this package's purpose
    static ForeignLibrary open(Path file) throws CudaUnavailableException {
        try {
            return new ForeignLibrary(file, SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new CudaUnavailableException(
                    file + " does not load: it is for another machine, or a library that it needs is missing", e);
        }
    }

    /// The C library that this process already uses.
    static ForeignLibrary system() {
        return new ForeignLibrary(Path.of("the C library"), LINKER.defaultLookup());
    }

    Path file() {
        return file;
    }

    /// Binds a function that returns an `int`, a status as a rule, to the only method of an interface.
    ///
    /// @throws CudaUnavailableException where the library has no function of that name
    <T> T bind(Class<T> type, String name, MemoryLayout... arguments) throws CudaUnavailableException {
        return bind(type, name, FunctionDescriptor.of(INT, arguments));
    }

    /// Binds a function of any shape to the only method of an interface.
    ///
    /// @throws CudaUnavailableException where the library has no function of that name
    <T> T bind(Class<T> type, String name, FunctionDescriptor shape) throws CudaUnavailableException {
        return find(type, name, shape)
                .orElseThrow(() -> new CudaUnavailableException(file + " has no function " + name + ": it is too old"));
    }

    /// Binds a function of any shape, if the library has it. A function is bound once.
    @SuppressWarnings("restricted") // calling into native code is this package's purpose
    <T> Optional<T> find(Class<T> type, String name, FunctionDescriptor shape) {
        return symbols.find(name)
                .map(address -> type.cast(bound.computeIfAbsent(name, _ -> MethodHandleProxies
                        .asInterfaceInstance(type, LINKER.downcallHandle(address, shape)))));
    }

    /// A pointer to a function that calls back into Java, valid for the life of the process.
    @SuppressWarnings("restricted") // calling into native code is this package's purpose
    static MemorySegment callback(MethodHandle target, FunctionDescriptor shape) {
        return LINKER.upcallStub(target, shape, Arena.global());
    }

    /// The C string at an address, empty for a null pointer.
    @SuppressWarnings("restricted") // only the reader of a C string knows that it ends
    static String string(MemorySegment address) {
        return address.address() == 0 ? "" : address.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
