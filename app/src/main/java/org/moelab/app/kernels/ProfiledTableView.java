package org.moelab.app.kernels;

import org.moelab.app.tables.TableColumns;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.selection.Selection;
import org.moelab.traces.model.KernelReport;

import javafx.scene.control.TableView;

/// The profiled kernels of a kernel report, a row a launch: a click selects it.
public final class ProfiledTableView extends TableView<ProfiledRow> {
    private final Selection selection;

    /// Shows the kernels of the selected recording, where it is a kernel report.
    public ProfiledTableView(Selection selection) {
        this.selection = selection;
        setId("profiled-table");
        setTableMenuButtonVisible(true);
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        addColumns();
        selection.recordingProperty().subscribe(
                recording -> getItems().setAll(recording.orElse(null) instanceof KernelReport report
                        ? ProfiledRow.of(report)
                        : List.of()));
        getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null) {
                select(row);
            }
        });
        selection.eventProperty().subscribe(this::follow);
    }

    private void select(ProfiledRow row) {
        selection.eventProperty().set(OptionalInt.of(row.kernel().index()));
        selection.kernelProperty().set(Optional.of(row.name()));
    }

    private void follow(OptionalInt kernel) {
        getItems().stream().filter(r -> kernel.isPresent() && r.kernel().index() == kernel.getAsInt()).findFirst()
                .ifPresentOrElse(row -> {
                    if (!row.equals(getSelectionModel().getSelectedItem())) {
                        getSelectionModel().select(row);
                        TableScrolling.reveal(this, getSelectionModel().getSelectedIndex());
                    }
                }, getSelectionModel()::clearSelection);
    }

    private void addColumns() {
        getColumns().add(TableColumns.figure("#", 40, 0, "position in the report, from 0", r -> r.kernel().index()));
        getColumns().add(TableColumns.name(r -> new TableColumns.Name(r.label(), r.name(), r.kind())));
        getColumns().add(TableColumns.text("Kind", 116, "family of work, told from the kernel's name",
                r -> r.kind().label()));
        getColumns().add(TableColumns.figure("Duration µs", 88, 2, KernelReport.DURATION,
                r -> r.durationNs() / 1e3));
        getColumns().add(TableColumns.figure("Compute %", 78, 1, ProfiledRow.COMPUTE, ProfiledRow::computePercent));
        getColumns().add(TableColumns.figure("Memory %", 78, 1, ProfiledRow.MEMORY, ProfiledRow::memoryPercent));
        getColumns().add(TableColumns.figure("DRAM %", 70, 1, ProfiledRow.DRAM, ProfiledRow::dramPercent));
        getColumns().add(TableColumns.figure("Occupancy %", 88, 1, ProfiledRow.OCCUPANCY,
                ProfiledRow::occupancyPercent));
        getColumns().add(TableColumns.figure("Registers", 70, 0, ProfiledRow.REGISTERS, ProfiledRow::registers));
        getColumns().add(TableColumns.text("Grid × block", 120, "blocks × threads a block", ProfiledRow::launch));
        getColumns().add(TableColumns.figure("Stream", 56, 0, "CUDA stream",
                r -> (double) r.kernel().launch().stream()));
    }
}
