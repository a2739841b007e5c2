package org.moelab.gpu.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_ACCESS_POLICY_WINDOW_SIZE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_PERSISTING_L2_CACHE_SIZE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import java.nio.charset.StandardCharsets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/// The CUDA driver: the way to this machine's GPUs.
public final class CudaDriver {
    /// `CU_DEVICE_ATTRIBUTE_HOST_NUMA_ID`, which JCuda does not name.
    private static final int HOST_NUMA_ID = 134;

    private final DriverCalls calls;

    private CudaDriver(DriverCalls calls) {
        this.calls = calls;
    }

    /// Loads and starts the driver.
    ///
    /// @throws CudaUnavailableException where there is no driver, no GPU, or either refuses to start
    public static CudaDriver open(LibraryFinder finder) throws CudaUnavailableException {
        // JCuda's own library cannot be loaded without libcuda and says so in a page of text: look for it first
        DriverCalls calls = DriverCalls.open(finder.find(CudaLibrary.DRIVER)
                .orElseThrow(() -> new CudaUnavailableException("libcuda.so.1 was not found: no NVIDIA driver")));
        try {
            JcudaNatives.lay(JcudaNatives.folder());
            JCudaDriver.setExceptionsEnabled(false);
            Results.check("cuInit", JCudaDriver.cuInit(0));
        } catch (CudaException e) {
            throw new CudaUnavailableException("the NVIDIA driver does not start: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CudaUnavailableException("JCuda's native library cannot be unpacked into "
                    + JcudaNatives.folder() + ": " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new CudaUnavailableException("JCuda's native library does not load beside libcuda.so.1", e);
        }
        return new CudaDriver(calls);
    }

    /// The version of CUDA that the driver supports, such as `13.0`.
    public String version() {
        int[] version = new int[1];
        Results.check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
        return LibraryVersions.unpack(version[0]);
    }

    /// The GPUs that this process may use.
    public List<CudaDevice> devices() {
        int[] count = new int[1];
        Results.check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
        List<CudaDevice> devices = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            devices.add(facts(i));
        }
        return devices;
    }

    /// Makes a GPU ready for work. Contexts of one GPU in one process share its memory and its modules.
    public CudaContext context(CudaDevice device) {
        return new CudaContext(device, handle(device.ordinal()), calls);
    }

    private static CUdevice handle(int ordinal) {
        CUdevice device = new CUdevice();
        Results.check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, ordinal));
        return device;
    }

    private static CudaDevice facts(int ordinal) {
        CUdevice device = handle(ordinal);
        byte[] name = new byte[256];
        Results.check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, device));
        String[] bus = { "" };
        Results.check("cuDeviceGetPCIBusId", JCudaDriver.cuDeviceGetPCIBusId(bus, 32, device));
        ComputeCapability capability = new ComputeCapability(
                attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
        int[] numa = new int[1];
        boolean saysNuma = JCudaDriver.cuDeviceGetAttribute(numa, HOST_NUMA_ID, device) == 0;
        return new CudaDevice(ordinal, cString(name), bus[0].strip(), capability, totalMemory(device),
                attribute(device, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                attribute(device, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
                attribute(device, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
                attribute(device, CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
                attribute(device, CU_DEVICE_ATTRIBUTE_MAX_PERSISTING_L2_CACHE_SIZE),
                attribute(device, CU_DEVICE_ATTRIBUTE_MAX_ACCESS_POLICY_WINDOW_SIZE), saysNuma ? numa[0] : -1,
                attribute(device, CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0);
    }

    private static long totalMemory(CUdevice device) {
        long[] bytes = new long[1];
        Results.check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(bytes, device));
        return bytes[0];
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        Results.check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    private static String cString(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8).strip();
    }
}
