/* Makes activity-12.bin and activity-13.bin: CUPTI's own structures, filled by hand, for tests without a GPU.
 *
 *     gcc -I$CUDA_HOME/include make_records.c -o make_records && ./make_records
 *
 * Pointers to text are replaced by numbers that the tests know. Made with the headers of CUDA 13.0, which hold the older
 * structures too. */
#include <stdio.h>
#include <string.h>

#include <cuda.h>
#include <cupti.h>
#include <cupti_activity_deprecated.h>

#define WRITE(record) fwrite(&(record), sizeof(record), 1, out)
#define TEXT(number) ((const char *) (number))

static void external(FILE *out, int kind, unsigned long id, unsigned correlation) {
    CUpti_ActivityExternalCorrelation r;
    memset(&r, 0, sizeof r);
    r.kind = CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION;
    r.externalKind = kind;
    r.externalId = id;
    r.correlationId = correlation;
    WRITE(r);
}

static void call(FILE *out, unsigned function, unsigned long start, unsigned correlation, unsigned result) {
    CUpti_ActivityAPI r;
    memset(&r, 0, sizeof r);
    r.kind = CUPTI_ACTIVITY_KIND_DRIVER;
    r.cbid = function;
    r.start = start;
    r.end = start + 50;
    r.processId = 41;
    r.threadId = 4242;
    r.correlationId = correlation;
    r.returnValue = result;
    WRITE(r);
}

#define KERNEL(type, begin, corr, text, node) do { \
    type r; \
    memset(&r, 0xEE, sizeof r); /* what is not set must not be read */ \
    r.kind = CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL; \
    r.registersPerThread = 40000; \
    r.start = begin; r.end = begin + 300; \
    r.deviceId = 1; r.contextId = 2; r.streamId = 7; \
    r.gridX = 720; r.gridY = 2; r.gridZ = 3; \
    r.blockX = 256; r.blockY = 4; r.blockZ = 5; \
    r.staticSharedMemory = 1024; r.dynamicSharedMemory = 2048; \
    r.correlationId = corr; r.name = TEXT(text); r.graphNodeId = node; \
    WRITE(r); } while (0)

#define COPY(type, begin, corr) do { \
    type r; \
    memset(&r, 0xEE, sizeof r); \
    r.kind = CUPTI_ACTIVITY_KIND_MEMCPY; \
    r.copyKind = CUPTI_ACTIVITY_MEMCPY_KIND_HTOD; \
    r.bytes = 5000000000UL; \
    r.start = begin; r.end = begin + 100; \
    r.deviceId = 1; r.contextId = 2; r.streamId = 7; \
    r.correlationId = corr; r.graphNodeId = 0; \
    WRITE(r); } while (0)

#define WAIT(type_, begin, corr) do { \
    type_ r; \
    memset(&r, 0xEE, sizeof r); \
    r.kind = CUPTI_ACTIVITY_KIND_SYNCHRONIZATION; \
    r.type = CUPTI_ACTIVITY_SYNCHRONIZATION_TYPE_CONTEXT_SYNCHRONIZE; \
    r.start = begin; r.end = begin + 20; \
    r.correlationId = corr; r.contextId = 2; \
    r.streamId = CUPTI_SYNCHRONIZATION_INVALID_VALUE; \
    WRITE(r); } while (0)

#define OVERHEAD(type) do { \
    type r; \
    memset(&r, 0, sizeof r); \
    r.kind = CUPTI_ACTIVITY_KIND_OVERHEAD; \
    r.overheadKind = CUPTI_ACTIVITY_OVERHEAD_CUPTI_BUFFER_FLUSH; \
    r.start = 5000; r.end = 5010; \
    WRITE(r); } while (0)

static void fill(FILE *out) {
    CUpti_ActivityMemset4 r;
    memset(&r, 0, sizeof r);
    r.kind = CUPTI_ACTIVITY_KIND_MEMSET;
    r.value = 255;
    r.bytes = 640;
    r.start = 2200;
    r.end = 2210;
    r.deviceId = 1;
    r.contextId = 2;
    r.streamId = 7;
    r.correlationId = 103;
    WRITE(r);
}

static void marker(FILE *out, int flags, unsigned long time, unsigned long name, unsigned long domain) {
    CUpti_ActivityMarker2 r;
    memset(&r, 0, sizeof r);
    r.kind = CUPTI_ACTIVITY_KIND_MARKER;
    r.flags = flags;
    r.timestamp = time;
    r.id = 9;
    r.objectKind = CUPTI_ACTIVITY_OBJECT_THREAD;
    r.objectId.pt.processId = 41;
    r.objectId.pt.threadId = 4242;
    r.name = TEXT(name);
    r.domain = TEXT(domain);
    WRITE(r);
}

#define CONTEXT(type) do { /* a kind that no timeline needs */ \
    type r; \
    memset(&r, 0, sizeof r); \
    r.kind = CUPTI_ACTIVITY_KIND_CONTEXT; \
    WRITE(r); } while (0)

#define RECORDS(kernel, copy, wait, overhead, context) do { \
    external(out, CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0, 2, 101); \
    external(out, CUPTI_EXTERNAL_CORRELATION_KIND_UNKNOWN, 77, 101); \
    call(out, CUPTI_DRIVER_TRACE_CBID_cuLaunchKernel, 1000, 101, 0); \
    KERNEL(kernel, 1500, 101, 0x1001, 0); \
    external(out, CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0, 3, 102); \
    call(out, CUPTI_DRIVER_TRACE_CBID_cuMemcpyHtoDAsync_v2, 1100, 102, 0); \
    COPY(copy, 2000, 102); \
    call(out, CUPTI_DRIVER_TRACE_CBID_cuMemsetD8Async, 1200, 103, 0); \
    fill(out); \
    CONTEXT(context); \
    external(out, CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0, 4, 105); \
    call(out, CUPTI_DRIVER_TRACE_CBID_cuGraphLaunch, 1300, 105, 0); \
    KERNEL(kernel, 3000, 105, 0x1002, 0x100000005UL); \
    call(out, CUPTI_DRIVER_TRACE_CBID_cuCtxSynchronize, 3400, 104, 719); \
    WAIT(wait, 3400, 104); \
    OVERHEAD(overhead); \
    marker(out, CUPTI_ACTIVITY_FLAG_MARKER_START, 900, 0x2001, 0x2002); \
    marker(out, CUPTI_ACTIVITY_FLAG_MARKER_END, 950, 0, 0); \
    fclose(out); } while (0)

int main(void) {
    FILE *out = fopen("activity-12.bin", "wb");
    RECORDS(CUpti_ActivityKernel9, CUpti_ActivityMemcpy5, CUpti_ActivitySynchronization, CUpti_ActivityOverhead2,
            CUpti_ActivityContext2);
    out = fopen("activity-13.bin", "wb");
    RECORDS(CUpti_ActivityKernel10, CUpti_ActivityMemcpy6, CUpti_ActivitySynchronization2, CUpti_ActivityOverhead3,
            CUpti_ActivityContext3);
    return 0;
}
