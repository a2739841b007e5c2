package org.moelab.gpu.technique;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.ThreadAffinity;
import org.moelab.gpu.host.GpuPlace;
import org.moelab.gpu.host.Host;

/// What a machine offers to techniques. A technique that needs what is not there changes nothing: it is shown as such and
/// never counted as on.
///
/// @param device the GPU
/// @param place where the GPU is attached to the host
/// @param libraries those that are installed
public record Machine(CudaDevice device, GpuPlace place, Set<CudaLibrary> libraries) {
    /// The one generation of GPUs that has products of warpgroups.
    private static final int WARPGROUP_GENERATION = 9;
    private static final Pattern CAPABILITY = Pattern.compile("compute capability (\\d+)\\.(\\d+)");

    public Machine {
        libraries = Set.copyOf(libraries);
    }

    /// Looks at the machine.
    public static Machine of(CudaDevice device, Host host, LibraryFinder finder) {
        GpuPlace place;
        try {
            place = GpuPlace.of(host, device.numaNode(), device.pciBusId(), ThreadAffinity.current());
        } catch (CudaUnavailableException e) {
            place = new GpuPlace.Anywhere(String.valueOf(e.getMessage()));
        }
        return new Machine(device, place, Stream.of(CudaLibrary.values())
                .filter(library -> finder.find(library).isPresent()).collect(Collectors.toUnmodifiableSet()));
    }

    /// Why a technique has no effect on this machine, in a few words; empty where nothing is lacking.
    public Optional<String> lacks(Technique technique) {
        Matcher needed = CAPABILITY.matcher(technique.needs());
        if (needed.find()) {
            ComputeCapability capability = new ComputeCapability(Integer.parseInt(needed.group(1)),
                    Integer.parseInt(needed.group(2)));
            if (device.capability().compareTo(capability) < 0) {
                return Optional.of(device.name() + " has compute capability " + device.capability());
            }
        }
        return switch (technique.id()) {
            case "wgmma" -> device.capability().major() == WARPGROUP_GENERATION
                    ? Optional.empty()
                    : Optional.of(device.name() + " has compute capability " + device.capability()
                            + ", and these instructions are of " + WARPGROUP_GENERATION + ".0 alone");
            case "nvtx" -> without(CudaLibrary.NVTX);
            case "kernel-design" -> without(CudaLibrary.BLAS);
            case "generated-kernels", "paged-attention", "fused-groups" -> without(CudaLibrary.RTC);
            case "numa-binding" -> place instanceof GpuPlace.Anywhere(String why)
                    ? Optional.of(why)
                    : Optional.empty();
            case "l2-persistence" -> device.persistingL2Bytes() > 0 && device.cacheWindowBytes() > 0
                    ? Optional.empty()
                    : Optional.of(device.name() + " sets no part of its L2 cache aside");
            case "stream-ordered-allocation" -> device.memoryPools()
                    ? Optional.empty()
                    : Optional.of(device.name() + " has no pools of memory");
            default -> Optional.empty();
        };
    }

    private Optional<String> without(CudaLibrary library) {
        return libraries.contains(library)
                ? Optional.empty()
                : Optional.of(String.join(" or ", library.fileNames()) + " is not installed");
    }
}
