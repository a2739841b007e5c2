package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricUnitTest {
    @ParameterizedTest
    @CsvSource({ "gpu__time_duration.sum, ns", "dram__bytes.sum, byte", "dram__bytes.sum.per_second, byte/s",
            "dram__bytes.sum.peak_sustained, byte/cycle", "sm__cycles_elapsed.avg.per_second, hz",
            "sm__cycles_active.avg, cycle", "sm__throughput.avg.pct_of_peak_sustained_elapsed, %",
            "l1tex__t_sector_hit_rate.pct, %", "sm__maximum_warps_per_active_cycle_pct, %",
            "sm__inst_executed.avg.per_cycle_active, inst/cycle", "sm__warps_active.avg.per_cycle_active, warp",
            "lts__t_sectors.sum.per_second, sector/s", "lts__t_requests.sum, request",
            "l1tex__average_t_sectors_per_request_pipe_lsu_mem_global_op_ld.ratio, sector/request",
            "smsp__sass_average_data_bytes_per_sector_mem_global_op_ld.ratio, byte/sector",
            "launch__registers_per_thread, register/thread", "launch__shared_mem_per_block_static, byte/block",
            "launch__grid_size, ''", "device__attribute_max_pitch, ''", "thread_inst_executed, inst",
            "TPC.TriageCompute.sm__cycles_active.avg, cycle", "pmsampling:dram__read_bytes.sum.per_second, byte/s",
            "profiler__pmsampler_interval_time, ns", "l1tex__data_bank_conflicts.sum, ''" })
    void unit_ofMetricName_followsItsStructure(String metric, String unit) {
        assertThat(MetricUnit.ofMetric(metric).text()).isEqualTo(unit);
        assertThat(MetricUnit.ofMetric(metric).scale()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({ "ns, ns, 1", "nsecond, ns, 1", "us, ns, 1e3", "msecond, ns, 1e6", "s, ns, 1e9", "Gbyte, byte, 1e9",
            "Kbyte/block, byte/block, 1e3", "Tbyte/s, byte/s, 1e12", "byte/second, byte/s, 1", "Ghz, hz, 1e9",
            "hz, hz, 1", "cycle/nsecond, hz, 1e9", "cycle/second, hz, 1", "sector/ms, sector/s, 1e3", "%, %, 1",
            "inst/cycle, inst/cycle, 1", "block, block, 1", "'', '', 1", "Kbyte/cycle, byte/cycle, 1e3" })
    void unit_asPagesStateIt_hasBaseAndScale(String stated, String base, double scale) {
        assertThat(MetricUnit.parse(stated).text()).isEqualTo(base);
        assertThat(MetricUnit.parse(stated).scale()).isEqualTo(scale);
    }

    @Test
    void value_ofAUnit_isFormattedForPeople() {
        assertThat(MetricUnit.parse("ms").format(1.068)).isEqualTo("1.068 ms");
        assertThat(MetricUnit.ofMetric("sm__inst_executed.avg.per_cycle_active").format(0.2072))
                .startsWith("0.207 inst");
        assertThat(MetricUnit.ofMetric("dram__bytes.sum.per_second").format(4.0e12)).endsWith("TB/s");
    }
}
