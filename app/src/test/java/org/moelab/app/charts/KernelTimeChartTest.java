package org.moelab.app.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.app.kernels.KernelRow;
import org.moelab.app.kernels.SampleTrace;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;

class KernelTimeChartTest {
    private final Trace trace = SampleTrace.decode("decode.sqlite");
    private final List<KernelRow> rows = KernelRow.of(trace, KernelTimes.of(trace));

    @Test
    void of_moreRowsThanBars_sumsTheRestInTheLastBar() {
        KernelTimeChart chart = KernelTimeChart.of(rows, 4);

        assertThat(chart.bars()).hasSize(4);
        assertThat(chart.bars().getLast().label()).isEqualTo("5 others");
        assertThat(chart.bars().stream().mapToLong(KernelTimeChart.Bar::totalNs).sum())
                .isEqualTo(rows.stream().mapToLong(r -> r.times().totalNs()).sum());
        assertThat(chart.bars().stream().mapToLong(KernelTimeChart.Bar::calls).sum()).isEqualTo(59);
    }

    @Test
    void of_asManyRowsAsBars_namesThemAll() {
        assertThat(KernelTimeChart.of(rows, 8).bars()).hasSize(8).allMatch(b -> b.row().isPresent());
    }

    @Test
    void of_noRows_isAnEmptyChart() {
        assertThat(KernelTimeChart.of(List.of(), 8).bars()).isEmpty();
    }

    @Test
    void chart_columns_areTheBarsInOrder() {
        KernelTimeChart chart = KernelTimeChart.of(rows, 4);

        var data = chart.chart(org.moelab.app.theme.Palette.DARK, 800).getCategoryPlot().getDataset();

        assertThat(data.getColumnCount()).isEqualTo(4);
        assertThat(data.getValue(0, 0).doubleValue() * 1e3)
                .isEqualTo((double) rows.getFirst().times().totalNs(), org.assertj.core.data.Offset.offset(1e-6));
    }
}
