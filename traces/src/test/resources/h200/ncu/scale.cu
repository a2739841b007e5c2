#include <nvtx3/nvToolsExt.h>
__global__ void scale(float* x, float a, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) x[i] *= a;
}
template <int STEP> __global__ void gather(float* y, const float* x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] += x[(long) i * STEP % n];
}
int main() {
    int n = 1 << 20;
    float *x, *y;
    cudaMalloc(&x, n * 4); cudaMalloc(&y, n * 4);
    nvtxRangeId_t r = nvtxRangeStartA("whole");
    nvtxRangePushA("outer"); nvtxRangePushA("scaling");
    scale<<<n / 256, 256>>>(x, 2.0f, n);
    nvtxRangePop();
    gather<33><<<n / 128, 128>>>(y, x, n);
    nvtxRangePop(); nvtxRangeEnd(r);
    return cudaDeviceSynchronize();
}
