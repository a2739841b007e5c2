// Checks the probe kernels against a reference on the processor and measures the device's ceilings, on a machine that
// has a GPU and nvcc but no Java. It loads the driver at run time, so that it builds where there is none.
//
//   probe_check FOLDER [--no-measure]     the folder of sm_90a.fatbin and its like
//
// Under compute-sanitizer leave out the measuring, which it slows down a hundredfold.
// Exit status 0 where every check passed, 1 otherwise.

#include <cuda.h>
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr int kThreads = 256;
constexpr int kCopyTile = 4 * kThreads;
constexpr int kChains = 16;
constexpr int kSteps = 8;
constexpr float kFactor = 0.999f;
constexpr float kAddend = 0.5f;

void* driver() {
    static void* library = dlopen("libcuda.so.1", RTLD_NOW);
    if (library == nullptr) {
        std::fprintf(stderr, "libcuda.so.1 does not load: %s\n", dlerror());
        std::exit(1);
    }
    return library;
}

// cuda.h maps names such as cuMemAlloc to versioned symbols; the macro looks for the very symbol that it maps to
#define STRING_OF(name) #name
#define SYMBOL_OF(name) STRING_OF(name)
#define CALL(name, ...) check(#name, reinterpret_cast<decltype(&name)>(dlsym(driver(), SYMBOL_OF(name)))(__VA_ARGS__))

void check(const char* call, CUresult result) {
    if (result != CUDA_SUCCESS) {
        std::fprintf(stderr, "%s failed with %d\n", call, static_cast<int>(result));
        std::exit(1);
    }
}

struct Device {
    CUmodule module{};
    int multiprocessors = 0;
    int failures = 0;

    CUfunction kernel(const char* name) const {
        CUfunction function{};
        CALL(cuModuleGetFunction, &function, module, name);
        return function;
    }

    void report(const char* what, long long size, bool passed) {
        if (!passed) {
            failures++;
        }
        std::printf("%-10s %10lld  %s\n", what, size, passed ? "equal" : "DIFFERENT");
    }
};

struct Buffer {
    CUdeviceptr address = 0;
    size_t bytes;

    explicit Buffer(size_t size) : bytes(size) {
        CALL(cuMemAlloc, &address, size);
        CALL(cuMemsetD8, address, 0xFF, size);  // NaN, should a kernel leave it
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() {
        CALL(cuMemFree, address);
    }

    std::vector<float> floats() const {
        std::vector<float> content(bytes / sizeof(float));
        CALL(cuMemcpyDtoH, content.data(), address, bytes);
        return content;
    }
};

void launch(CUfunction kernel, unsigned blocks, void** parameters) {
    CALL(cuLaunchKernel, kernel, blocks, 1, 1, kThreads, 1, 1, 0, nullptr, parameters, nullptr);
}

unsigned copyBlocks(long long vectors) {
    return static_cast<unsigned>((vectors + kCopyTile - 1) / kCopyTile);
}

// whole numbers 0 to 6, over and over: their sums are exact in fp32
std::vector<float> ramp(size_t count) {
    std::vector<float> values(count);
    for (size_t i = 0; i < count; i++) {
        values[i] = static_cast<float>(i % 7);
    }
    return values;
}

void checkCopy(Device& device, long long vectors) {
    const std::vector<float> source = ramp(vectors * 4);
    Buffer from(source.size() * sizeof(float));
    Buffer to(from.bytes + 16);
    CALL(cuMemcpyHtoD, from.address, source.data(), from.bytes);
    void* parameters[] = {&to.address, &from.address, &vectors};
    launch(device.kernel("probe_copy"), copyBlocks(vectors), parameters);
    const std::vector<float> result = to.floats();
    bool passed = std::equal(source.begin(), source.end(), result.begin());
    for (size_t i = source.size(); i < result.size(); i++) {
        passed = passed && std::isnan(result[i]);
    }
    device.report("probe_copy", vectors, passed);
}

void checkRead(Device& device, long long vectors) {
    const std::vector<float> source = ramp(vectors * 4);
    constexpr int kBlocks = 37;
    Buffer from(source.size() * sizeof(float));
    Buffer sums(kBlocks * sizeof(float));
    CALL(cuMemcpyHtoD, from.address, source.data(), from.bytes);
    void* parameters[] = {&sums.address, &from.address, &vectors};
    launch(device.kernel("probe_read"), kBlocks, parameters);
    double expected = 0;
    for (const float value : source) {
        expected += value;
    }
    double sum = 0;
    for (const float value : sums.floats()) {
        sum += value;
    }
    device.report("probe_read", vectors, sum == expected);
}

void checkFma(Device& device, int rounds) {
    constexpr int kBlocks = 3;
    Buffer sums(kBlocks * kThreads * sizeof(float));
    float factor = kFactor;
    float addend = kAddend;
    void* parameters[] = {&sums.address, &rounds, &factor, &addend};
    launch(device.kernel("probe_fma"), kBlocks, parameters);
    const std::vector<float> result = sums.floats();
    bool passed = true;
    for (int thread = 0; thread < kBlocks * kThreads; thread++) {
        float expected = 0.0f;
        for (int chain = 0; chain < kChains; chain++) {
            float x = static_cast<float>(thread % 64 + chain);
            for (int step = 0; step < rounds * kSteps; step++) {
                x = std::fmaf(x, factor, addend);
            }
            expected += x;
        }
        passed = passed && result[thread] == expected;
    }
    device.report("probe_fma", rounds, passed);
}

double medianSeconds(CUfunction kernel, unsigned blocks, void** parameters) {
    const auto warm = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    do {
        launch(kernel, blocks, parameters);
        CALL(cuCtxSynchronize);
    } while (std::chrono::steady_clock::now() < warm);
    CUevent start{};
    CUevent end{};
    CALL(cuEventCreate, &start, CU_EVENT_DEFAULT);
    CALL(cuEventCreate, &end, CU_EVENT_DEFAULT);
    std::vector<float> millis(21);
    for (float& one : millis) {
        CALL(cuEventRecord, start, nullptr);
        launch(kernel, blocks, parameters);
        CALL(cuEventRecord, end, nullptr);
        CALL(cuEventSynchronize, end);
        CALL(cuEventElapsedTime, &one, start, end);
    }
    std::sort(millis.begin(), millis.end());
    std::printf("  %7.3f ms, from %.3f to %.3f\n", millis[millis.size() / 2], millis.front(), millis.back());
    return millis[millis.size() / 2] / 1e3;
}

void measure(Device& device) {
    const size_t bytes = size_t{2} << 30;
    Buffer source(bytes);
    Buffer target(bytes);
    CALL(cuMemsetD8, source.address, 0x3C, bytes);
    long long vectors = bytes / 16;

    void* copy[] = {&target.address, &source.address, &vectors};
    std::printf("copy %.3f TB/s\n",
                2.0 * bytes / medianSeconds(device.kernel("probe_copy"), copyBlocks(vectors), copy) / 1e12);

    void* read[] = {&target.address, &source.address, &vectors};
    for (int perMultiprocessor : {4, 5, 8}) {
        const unsigned blocks = device.multiprocessors * perMultiprocessor;
        std::printf("read %.3f TB/s, %d blocks a multiprocessor\n",
                    bytes / medianSeconds(device.kernel("probe_read"), blocks, read) / 1e12, perMultiprocessor);
    }

    int rounds = 8192;
    float factor = kFactor;
    float addend = kAddend;
    void* fma[] = {&target.address, &rounds, &factor, &addend};
    const unsigned blocks = device.multiprocessors * 8;
    const double flops = 2.0 * kChains * kSteps * rounds * blocks * kThreads;
    std::printf("fp32 %.2f TFLOP/s\n", flops / medianSeconds(device.kernel("probe_fma"), blocks, fma) / 1e12);
}

}  // namespace

int main(int argc, char** argv) {
    const bool quick = argc == 3 && std::strcmp(argv[2], "--no-measure") == 0;
    if (argc != 2 && !quick) {
        std::fprintf(stderr, "usage: probe_check FOLDER [--no-measure]\n");
        return 2;
    }
    CALL(cuInit, 0);
    CUdevice handle{};
    CALL(cuDeviceGet, &handle, 0);
    CUcontext context{};
    CALL(cuDevicePrimaryCtxRetain, &context, handle);
    CALL(cuCtxSetCurrent, context);
    int major = 0;
    int minor = 0;
    Device device;
    CALL(cuDeviceGetAttribute, &major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, handle);
    CALL(cuDeviceGetAttribute, &minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, handle);
    CALL(cuDeviceGetAttribute, &device.multiprocessors, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, handle);
    char name[256] = "";
    CALL(cuDeviceGetName, name, sizeof name, handle);
    std::printf("%s, compute capability %d.%d, %d multiprocessors\n", name, major, minor, device.multiprocessors);

    const std::string file =
        std::string(argv[1]) + "/sm_" + std::to_string(major) + std::to_string(minor) + "a.fatbin";
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> image((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (image.empty()) {
        std::fprintf(stderr, "%s is missing or empty\n", file.c_str());
        return 1;
    }
    CALL(cuModuleLoadData, &device.module, image.data());

    for (long long vectors : {1LL, 255LL, 1024LL, 1025LL, 2049LL, 4099LL, 1000003LL}) {
        checkCopy(device, vectors);
        checkRead(device, vectors);
    }
    for (int rounds : {1, 5, 33}) {
        checkFma(device, rounds);
    }
    if (!quick) {
        measure(device);
    }
    std::printf(device.failures == 0 ? "all equal\n" : "%d DIFFERENT\n", device.failures);
    return device.failures == 0 ? 0 : 1;
}
