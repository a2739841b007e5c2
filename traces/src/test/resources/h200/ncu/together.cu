#include <cuda_profiler_api.h>
__global__ void fill(int* p) { p[threadIdx.x] = 1; }
int main() {
    int* p;
    cudaMalloc(&p, 4096);
    cudaStream_t s;
    cudaStreamCreate(&s);
    cudaGraph_t g;
    cudaGraphExec_t e;
    cudaStreamBeginCapture(s, cudaStreamCaptureModeGlobal);
    fill<<<1, 32, 0, s>>>(p);
    fill<<<2, 64, 0, s>>>(p);
    cudaStreamEndCapture(s, &g);
    cudaGraphInstantiate(&e, g, 0);
    cudaProfilerStart();
    cudaGraphLaunch(e, s);
    cudaProfilerStop();
    return cudaDeviceSynchronize();
}
