package org.moelab.app.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.app.task.FxQueue;
import org.moelab.app.theme.OperationKind;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.Trace;

class KernelTableViewModelTest {
    private final Trace trace = SampleTrace.decode("decode.sqlite");
    private final FxQueue fx = new FxQueue();
    private final Selection selection = new Selection();
    private final List<Throwable> failures = new ArrayList<>();
    private final KernelTableViewModel model = new KernelTableViewModel(selection, fx, failures::add);

    @BeforeEach
    void showTrace() {
        selection.recordingProperty().set(Optional.of(trace));
        await();
    }

    private void await() {
        fx.runUntil(() -> !model.runningProperty().get());
    }

    @Test
    void rows_wholeTrace_haveSumsFamilyLaunchAndStream() {
        KernelRow first = model.rows().getFirst();

        assertThat(model.rows()).hasSize(8);
        assertThat(first.name()).isEqualTo("moe_gate_up_swiglu_mxfp4_sm90");
        assertThat(first.kind()).isEqualTo(OperationKind.EXPERT_MATMUL);
        assertThat(first.times().calls()).isEqualTo(8);
        assertThat(first.times().totalNs()).isEqualTo(8 * 13_400 + 280);
        assertThat(first.launch()).isEqualTo("264 × 256");
        assertThat(first.streams()).isEqualTo("13");
        assertThat(model.rows().stream().mapToDouble(KernelRow::share).sum()).isEqualTo(1,
                org.assertj.core.data.Offset.offset(1e-12));
        assertThat(model.captionProperty().get()).startsWith("8 operations · 59 calls · ")
                .endsWith("Nsight Systems 2025.3.1 · whole trace");
        assertThat(failures).isEmpty();
    }

    @Test
    void range_partOfTheTrace_sumsOnlyWhatIsInside() {
        selection.rangeProperty().set(Optional.of(new TimeRange(1_020_000, 1_022_400)));
        await();

        assertThat(model.rows()).extracting(KernelRow::label).containsExactly("rms_norm<__nv_bfloat16>");
        assertThat(model.captionProperty().get()).contains("selection of 2.400 µs");

        selection.rangeProperty().set(Optional.empty());
        await();
        assertThat(model.rows()).hasSize(8);
    }

    @Test
    void filter_words_mustAllOccurInNameOrFamily() {
        model.filterProperty().set("MOE expert");

        assertThat(model.rows()).extracting(KernelRow::name).containsExactly("moe_gate_up_swiglu_mxfp4_sm90",
                "moe_down_combine_mxfp4_sm90");
        assertThat(model.captionProperty().get()).startsWith("2 of 8 operations · 16 calls");
    }

    @Test
    void filter_expressionBetweenSlashes_isMatchedAgainstTheName() {
        model.filterProperty().set("/_sm\\d+$/");

        assertThat(model.rows()).hasSize(3);
        assertThat(model.filterProblemProperty().get()).isEmpty();
    }

    @Test
    void filter_wrongExpression_saysWhatIsWrongAndHidesNothing() {
        model.filterProperty().set("/moe(/");

        assertThat(model.filterProblemProperty().get()).isEqualTo("Unclosed group at character 4");
        assertThat(model.rows()).hasSize(8);
    }

    @Test
    void select_row_selectsKernelAndItsLongestLaunch() {
        KernelRow row = model.rows().getFirst();

        model.select(row);

        assertThat(selection.kernelProperty().get()).contains(row.name());
        OptionalInt event = selection.eventProperty().get();
        assertThat(trace.name(event.orElseThrow())).isEqualTo(row.name());
        assertThat(trace.duration(event.orElseThrow())).isEqualTo(row.times().maxNs());
    }

    @Test
    void selected_eventSelectedElsewhere_isItsRow() {
        int event = model.rows().get(2).times().longest();

        selection.eventProperty().set(OptionalInt.of(event));

        assertThat(model.selected()).contains(model.rows().get(2));
    }

    @Test
    void recording_none_emptiesTheTable() {
        selection.recordingProperty().set(Optional.empty());

        assertThat(model.rows()).isEmpty();
        assertThat(model.captionProperty().get()).isEmpty();
    }

    @Test
    void export_rows_keepsOrderAndPlainNumbers() {
        String csv = TableFormat.CSV.render(KernelTableViewModel.export(model.rows().subList(0, 1)));

        assertThat(csv).isEqualTo(
                """
                        Name,Kind,Calls,Total (ns),Share (%),Min (ns),Median (ns),Avg (ns),p99 (ns),Max (ns),Grid x block,Streams
                        moe_gate_up_swiglu_mxfp4_sm90,expert matmul,8,107480,25.526,13400,13435.0,13435.0,13469.3,13470,264 × 256,13
                        """);
    }
}
