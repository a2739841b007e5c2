package org.moelab.traces.stats.hta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.stats.KernelClassifier;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportOptions.HtaVariant;
import org.moelab.traces.stats.Reports;

class HtaReportsTest {
    private static final ReportOptions ROUNDED = new ReportOptions(true, false);
    private static final ReportOptions EXACT = new ReportOptions(HtaVariant.EXACT, false, KernelClassifier.HTA);

    /// Stream 7: two kernels and a copy; stream 20: communication that overlaps the second kernel and the copy.
    private static StepRecording twoStreams(TraceFormat format) {
        return new StepRecording(format).call("cudaLaunchKernel", 10, 20, 1).call("cudaLaunchKernel", 30, 40, 2)
                .call("cudaLaunchKernel", 50, 60, 4).call("cudaMemcpyAsync", 280, 285, 3)
                .kernel("gemm", 7, 100, 200, 1).kernel("gemm", 7, 205, 255, 2)
                .copy("Memcpy HtoD (Pinned -> Device)", 7, 300, 310, 3, 2.0)
                .kernel("ncclDevKernel_AllReduce", 20, 240, 320, 4);
    }

    @Test
    void temporalBreakdown_twoStreams_splitsTheTimeOfTheDevice() {
        assertThat(csv("temporal_breakdown", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT)).isEqualTo("""
                rank,idle_time(us),compute_time(us),non_compute_time(us),kernel_time(us),idle_time_pctg,\
                compute_time_pctg,non_compute_time_pctg
                0,5.0,150.0,65.0,220.0,2.27,68.18,29.55
                """);
    }

    @Test
    void gpuKernelBreakdown_twoStreams_hasARowForEachOverlap() {
        assertThat(csv("gpu_kernel_breakdown", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT)).isEqualTo("""
                kernel_type,sum,percentage
                COMPUTATION,135,62.8
                COMMUNICATION,55,25.6
                COMPUTATION overlapping COMMUNICATION,15,7.0
                COMMUNICATION overlapping MEMORY,10,4.7
                """);
    }

    @Test
    void gpuKernelBreakdown_fractions_areCutPieceByPieceUnlessExact() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO).kernel("a", 7, 0.25, 2, 1)
                .kernel("b", 7, 10, 11.75, 2);

        assertThat(csv("gpu_kernel_breakdown", recording, ReportOptions.DEFAULT)).contains("COMPUTATION,2,100.0");
        assertThat(csv("gpu_kernel_breakdown", new StepRecording(TraceFormat.KINETO).kernel("a", 7, 0.25, 2, 1)
                .kernel("b", 7, 10, 11.75, 2), EXACT)).contains("COMPUTATION,3.5,100.0");
    }

    @Test
    void gpuKernels_twoStreams_haveStatisticsByName() {
        assertThat(csv("gpu_kernels", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT)).isEqualTo("""
                name,sum (us),max (us),min (us),stddev,mean (us),kernel_type,rank
                ncclDevKernel_AllReduce,80.0,80.0,80.0,0.0,80.0,COMMUNICATION,0
                gemm,150.0,100.0,50.0,35.35533905932738,75.0,COMPUTATION,0
                Memcpy HtoD (Pinned -> Device),10.0,10.0,10.0,0.0,10.0,MEMORY,0
                """);
    }

    @Test
    void commCompOverlap_twoStreams_isTheSharedTimeOfCommunication() {
        assertThat(csv("comm_comp_overlap", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT))
                .isEqualTo("rank,comp_comm_overlap_pctg\n0,18.75\n");
    }

    @Test
    void commCompOverlap_noCommunication_isBlank() {
        assertThat(csv("comm_comp_overlap", new StepRecording(TraceFormat.KINETO).kernel("gemm", 7, 0, 5, 1),
                ReportOptions.DEFAULT)).isEqualTo("rank,comp_comm_overlap_pctg\n0,\n");
    }

    @Test
    void commCompOverlap_userPattern_countsDispatchAsCommunication() {
        ReportOptions options = new ReportOptions(HtaVariant.UNROUNDED, false,
                new KernelClassifier(List.of(Pattern.compile("deep_ep::dispatch"))));
        StepRecording recording = new StepRecording(TraceFormat.KINETO).kernel("gemm", 7, 0, 10, 1)
                .kernel("void deep_ep::dispatch<8>()", 20, 5, 25, 2);

        assertThat(csv("comm_comp_overlap", recording, options)).endsWith("\n0,25.00\n");
    }

    @Test
    void idleTimeBreakdown_twoStreams_tellsLateLaunchesFromShortGaps() {
        assertThat(csv("idle_time_breakdown", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT)).isEqualTo("""
                rank,stream,idle_category,idle_time,idle_time_ratio
                0,7,host_wait,45.00,0.90
                0,7,kernel_wait,5.00,0.10
                0,7,other,0.00,0.00
                0,20,other,0.00,
                """);
    }

    @Test
    void idleTimeBreakdown_gapOfThirtyMicroseconds_isOther() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO).call("cudaLaunchKernel", 0, 1, 1)
                .call("cudaLaunchKernel", 2, 3, 2).kernel("a", 7, 10, 20, 1).kernel("b", 7, 50, 60, 2);

        assertThat(csv("idle_time_breakdown", recording, ReportOptions.DEFAULT)).endsWith("\n0,7,other,30.00,1.00\n");
    }

    @Test
    void idleTimeBreakdown_launchBeforeTheRecording_isTheFirstEventsUnlessExact() {
        assertThat(csv("idle_time_breakdown", cutOff(), ReportOptions.DEFAULT)).contains("0,7,host_wait,20.00,1.00");
        assertThat(csv("idle_time_breakdown", cutOff(), EXACT)).contains("0,7,kernel_wait,20.00,1.00");
    }

    /// Both kernels were launched before the recording began, whose first event comes after the first kernel.
    private static StepRecording cutOff() {
        return new StepRecording(TraceFormat.KINETO).range("step", 15, 90).kernel("a", 7, 0, 10, 1)
                .kernel("b", 7, 30, 40, 2);
    }

    @Test
    void cudaKernelLaunchStats_twoStreams_haveDurationsAndDelay() {
        assertThat(csv("cuda_kernel_launch_stats", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT)).isEqualTo("""
                correlation,cpu_duration,gpu_duration,launch_delay
                1,10.0,100.0,80.0
                2,10.0,50.0,165.0
                4,10.0,80.0,180.0
                3,5.0,10.0,15.0
                """);
    }

    @Test
    void queueLengthSummary_twoStreams_countsLaunchedButNotStarted() {
        assertThat(csv("queue_length_summary", twoStreams(TraceFormat.KINETO), ReportOptions.DEFAULT)).isEqualTo("""
                rank,stream,count,mean,std,min,25%,50%,75%,max
                0,7,6,0.8333333333333334,0.752772652709081,0.0,0.25,1.0,1.0,2.0
                0,20,2,0.5,0.7071067811865476,0.0,0.25,0.5,0.75,1.0
                """);
    }

    @Test
    void memoryBwSummary_overlappingCopies_addUp() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO)
                .copy("Memcpy DtoH (Device -> Pinned)", 7, 0, 10, 1, 2)
                .copy("Memcpy DtoH (Device -> Pageable)", 8, 5, 20, 2, 1);

        assertThat(csv("memory_bw_summary", recording, ReportOptions.DEFAULT)).isEqualTo("""
                rank,name,count,mean,std,min,25%,50%,75%,max
                0,Memcpy DtoH,3,2.0,1.0,1.0,1.5,2.0,2.5,3.0
                """);
    }

    @Test
    void memoryBwSummary_otherTool_dividesBytesByDuration() {
        StepRecording recording = new StepRecording(TraceFormat.NSYS).copyOfBytes("Unified memory HtoD", 7, 0, 10, 1,
                50_000);

        assertThat(csv("memory_bw_summary", recording, ReportOptions.DEFAULT))
                .endsWith("\n0,Memcpy HtoD,1,5.0,,5.0,5.0,5.0,5.0,5.0\n");
    }

    @Test
    void rows_twoSteps_endWithTheLaunchesBeforeTheLastOne() {
        assertThat(csv("cuda_kernel_launch_stats", twoSteps(), ReportOptions.DEFAULT).lines()).hasSize(4)
                .noneMatch(line -> line.startsWith("3,"));
        assertThat(csv("cuda_kernel_launch_stats", twoSteps(), new ReportOptions(false, true)).lines()).hasSize(5);
    }

    private static StepRecording twoSteps() {
        return twoStreams(TraceFormat.KINETO).range("ProfilerStep#1", 0, 250).range("ProfilerStep#2", 270, 400);
    }

    @Test
    void rows_oneStepOfManyRuns_areAllThere() {
        assertThat(csv("cuda_kernel_launch_stats",
                twoStreams(TraceFormat.KINETO).range("ProfilerStep#1", 0, 250).range("ProfilerStep#1", 270, 400),
                ReportOptions.DEFAULT).lines()).hasSize(5);
    }

    @Test
    void times_rounded_areCutInwards() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO).kernel("a", 7, 0.4, 10.6, 1)
                .kernel("a", 7, 11.2, 11.9, 2);

        assertThat(csv("gpu_kernels", recording, ROUNDED))
                .endsWith("\na,8.0,9.0,-1.0,7.0710678118654755,4.0,COMPUTATION,0\n");
    }

    @Test
    void times_wholeMicroseconds_areNotRounded() {
        assertThat(csv("temporal_breakdown", twoStreams(TraceFormat.KINETO), ROUNDED))
                .isEqualTo(csv("temporal_breakdown", twoStreams(TraceFormat.KINETO), EXACT));
    }

    @Test
    void rows_operatorWithStreamAndWait_countUnlessExact() {
        assertThat(csv("temporal_breakdown", withWait(), ReportOptions.DEFAULT)).contains("\n0,0.0,50.0,20.0,70.0,");
        assertThat(csv("temporal_breakdown", withWait(), EXACT)).contains("\n0,0.0,10.0,0.0,10.0,");
    }

    private static StepRecording withWait() {
        return new StepRecording(TraceFormat.KINETO).operatorOnStream("triton_add", 0, 45, 0)
                .kernel("triton_add", 7, 40, 50, 1).wait("Stream Sync", 7, 48, 70, 2);
    }

    @Test
    void ranks_severalProcesses_haveTheirOwnRows() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO).process(OptionalInt.of(5))
                .call("cudaLaunchKernel", 0, 1, 9).kernel("gemm", 7, 2, 4, 9).process(OptionalInt.of(2))
                .call("cudaLaunchKernel", 0, 1, 9).kernel("gemm", 7, 3, 6, 9);

        assertThat(csv("cuda_kernel_launch_stats", recording, ReportOptions.DEFAULT)).isEqualTo("""
                rank,correlation,cpu_duration,gpu_duration,launch_delay
                2,9,1.0,3.0,2.0
                5,9,1.0,2.0,1.0
                """);
    }

    @Test
    void ranks_processesOfNsight_areThoseThatUseADevice() {
        StepRecording recording = new StepRecording(TraceFormat.NSYS).call("cudaGetDevice", 0, 1, 1)
                .process(OptionalInt.empty()).call("cudaLaunchKernel_v7000", 0, 1, 9).kernel("gemm", 7, 2, 4, 9);

        assertThat(csv("cuda_kernel_launch_stats", recording, ReportOptions.DEFAULT)).endsWith("\n9,1.0,2.0,1.0\n");
        assertThat(csv("comm_comp_overlap", new StepRecording(TraceFormat.NSYS).call("cudaGetDevice", 0, 1, 1)
                .process(OptionalInt.empty()).kernel("gemm", 7, 2, 4, 9), ReportOptions.DEFAULT)).endsWith("\n0,\n");
    }

    @Test
    void launches_amd_areThoseOfHip() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO).call("hipLaunchKernel", 0, 1, 9)
                .kernel("gemm", 0, 2, 4, 9);

        assertThat(csv("cuda_kernel_launch_stats", recording, ReportOptions.DEFAULT)).endsWith("\n9,1.0,2.0,1.0\n");
    }

    @Test
    void missing_noDeviceWork_isSaidInASentence() {
        Recording cpuOnly = new StepRecording(TraceFormat.KINETO).range("step", 0, 1).build();

        assertThat(report("temporal_breakdown").missing(cpuOnly))
                .hasValue("needs work on a device, of which the recording has none");
        assertThat(report("memory_bw_summary").missing(cpuOnly))
                .hasValue("needs work on a device, of which the recording has none");
        assertThat(report("comm_comp_overlap").missing(cpuOnly)).isEmpty();
    }

    @Test
    void memoryBandwidth_noCopies_isATableWithoutRowsOrWhatHtaWrites() {
        StepRecording recording = new StepRecording(TraceFormat.KINETO).call("cudaLaunchKernel", 0, 1, 9)
                .kernel("gemm", 0, 2, 4, 9);

        ReportOptions exact = new ReportOptions(ReportOptions.HtaVariant.EXACT, false, KernelClassifier.HTA);
        assertThat(csv("memory_bw_summary", recording, exact))
                .isEqualTo("rank,name,count,mean,std,min,25%,50%,75%,max\n");
        assertThat(csv("memory_bw_summary", recording, ReportOptions.DEFAULT))
                .isEqualTo("memory_bw_gbps,".repeat(7) + "memory_bw_gbps\ncount,mean,std,min,25%,50%,75%,max\n");
    }

    private static Report report(String name) {
        return Reports.find(name).orElseThrow();
    }

    private static String csv(String name, StepRecording recording, ReportOptions options) {
        Recording trace = recording.build();
        assertThat(report(name).missing(trace)).isEmpty();
        return TableFormat.CSV.render(report(name).run(trace, options));
    }
}
