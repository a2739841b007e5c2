package org.moelab.app.shell;

import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.ARROW_DOWN_CIRCLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.ARROW_LEFT_RIGHT;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.ARROW_UP_CIRCLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.BAR_CHART;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.BAR_CHART_STEPS;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.CIRCLE_HALF;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.COLUMNS_GAP;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.COMMAND;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.ERASER;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.CPU;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.FILE_EARMARK_ARROW_DOWN;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.FILE_EARMARK_DIFF;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.FILE_EARMARK_TEXT;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.FOLDER2_OPEN;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.FONTS;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.GRAPH_UP;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.INFO_CIRCLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.KEYBOARD;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.LAYERS;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.LIGHTBULB;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.PIN_ANGLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.PIN;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.PLAY;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.POWER;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.SEARCH;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.SPEEDOMETER2;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.STOP_CIRCLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.TABLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.VIEW_STACKED;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.X_CIRCLE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.X_SQUARE;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.ZOOM_IN;
import static org.kordamp.ikonli.bootstrapicons.BootstrapIcons.ZOOM_OUT;
import static org.moelab.app.shell.Action.Group.FILE;
import static org.moelab.app.shell.Action.Group.HELP;
import static org.moelab.app.shell.Action.Group.RUN;
import static org.moelab.app.shell.Action.Group.SELECTION;
import static org.moelab.app.shell.Action.Group.VIEW;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.input.KeyCharacterCombination;
import javafx.scene.input.KeyCombination;

/// The one list of what a person can do.
final class Actions {
    /// What the actions need of the window beyond its model.
    interface Window {
        void chooseFiles();

        void chooseRun();

        void exportPicture();

        void exportTable();

        void findKernel();

        void compareTimelines();

        void pinRow();

        void showPalette();

        void showHelp();

        void showAbout();

        void resetLayout();

        void clearSelection();

        void pinKernel();

        void startRun();

        void cancelRun();

        void quit();

        /// Shows a page and gives it the keys.
        void turnTo(Page page);

        /// Whether a run can be started.
        ObservableBooleanValue startable();

        /// Whether a run goes on.
        ObservableBooleanValue running();
    }

    private Actions() {
    }

    static List<Action> of(MainViewModel model, ReportExport reports, Window window) {
        ObservableBooleanValue always = model.alwaysProperty();
        BooleanExpression open = BooleanExpression.booleanExpression(
                model.selection().recordingProperty().map(Optional::isPresent));
        BooleanExpression run = BooleanExpression.booleanExpression(
                model.selection().runProperty().map(Optional::isPresent));
        BooleanExpression something = open.or(run);
        BooleanExpression idle = BooleanExpression.booleanExpression(
                reports.writingProperty().map(Optional::isEmpty));
        BooleanExpression several = Bindings.size(model.recordings()).greaterThan(1);
        List<Action> actions = new ArrayList<>(List.of(
                action("open", FILE, "Open …", "Shortcut+O", FOLDER2_OPEN, window::chooseFiles, always),
                action("open-run", FILE, "Open run directory …", "Shortcut+Shift+O", BAR_CHART_STEPS,
                        window::chooseRun, always),
                action("close", FILE, "Close recording", "Shortcut+W", X_CIRCLE,
                        () -> model.current().ifPresent(model::close), open),
                action("close-run", FILE, "Close run", "Shortcut+Shift+W", X_SQUARE, model::closeRun, run),
                action("export", FILE, "Export picture …", "Shortcut+E", FILE_EARMARK_ARROW_DOWN, window::exportPicture,
                        something),
                action("export-table", FILE, "Export table …", "Shortcut+Shift+E", TABLE, window::exportTable,
                        something),
                action("export-report", FILE, "Export report …", "Shortcut+R", FILE_EARMARK_TEXT, reports::ofRun,
                        run.and(idle)),
                action("compare-report", FILE, "Compare runs in a report …", "Shortcut+Shift+R", FILE_EARMARK_DIFF,
                        reports::ofTwo, Bindings.size(model.runs()).greaterThan(1).and(run).and(idle)),
                action("quit", FILE, "Quit", "Shortcut+Q", POWER, window::quit, always),
                action("theme", VIEW, "Dark or light", "Shortcut+T", CIRCLE_HALF, model::toggleTheme, always),
                action("text-larger", VIEW, "Larger text", "Shortcut+PLUS", ZOOM_IN, model.textSize()::larger, always),
                action("text-smaller", VIEW, "Smaller text", "Shortcut+MINUS", ZOOM_OUT, model.textSize()::smaller,
                        always),
                action("text-usual", VIEW, "Normal size", "Shortcut+0", FONTS, model.textSize()::usual, always),
                action("layout", VIEW, "Reset layout", "", COLUMNS_GAP, window::resetLayout, always),
                action("next-run", VIEW, "Next run", "Shortcut+PAGE_DOWN", ARROW_DOWN_CIRCLE,
                        () -> model.showNeighbour(1), several),
                action("previous-run", VIEW, "Previous run", "Shortcut+PAGE_UP", ARROW_UP_CIRCLE,
                        () -> model.showNeighbour(-1), several),
                action("compare-timelines", VIEW, "Compare timelines", "Shortcut+L", VIEW_STACKED,
                        window::compareTimelines, model.comparableProperty()),
                action("pin-row", SELECTION, "Pin or unpin row", "", PIN_ANGLE, window::pinRow, open),
                action("find", SELECTION, "Find kernels", "/", SEARCH, window::findKernel, open),
                action("below", SELECTION, "Against the layer below", "Shortcut+Shift+B", LAYERS, model::againstBelow,
                        run),
                action("phase", SELECTION, "Decode or prefill", "Shortcut+D", ARROW_LEFT_RIGHT, model::otherPhase,
                        run),
                action("clear", SELECTION, "Clear selection", "Shortcut+BACK_SPACE", ERASER, window::clearSelection,
                        open),
                action("pin", SELECTION, "Pin kernel as baseline", "Shortcut+B", PIN, window::pinKernel,
                        model.offeredProperty(Page.KERNEL)),
                action("run-start", RUN, "Start run", "Shortcut+ENTER", PLAY, window::startRun, window.startable()),
                action("run-cancel", RUN, "Cancel run …", "", STOP_CIRCLE, window::cancelRun, window.running()),
                action("palette", HELP, "All commands …", "Shortcut+P", COMMAND, window::showPalette, always),
                action("help", HELP, "Keyboard", "?", KEYBOARD, window::showHelp, always),
                action("about", HELP, "About MoE Lab", "", INFO_CIRCLE, window::showAbout, always)));
        for (Page page : Page.values()) {
            actions.add(action("page-" + page.digit(), VIEW, page.title(), "Shortcut+" + page.digit(),
                    icon(page), () -> window.turnTo(page), model.offeredProperty(page)));
        }
        return List.copyOf(actions);
    }

    private static BootstrapIcons icon(Page page) {
        return switch (page) {
            case TIMELINE -> BAR_CHART_STEPS;
            case LAYERS -> LAYERS;
            case SPEEDUP -> BAR_CHART;
            case ROOFLINE -> GRAPH_UP;
            case INFERENCE -> SPEEDOMETER2;
            case COMPARE -> ARROW_LEFT_RIGHT;
            case ADVICE -> LIGHTBULB;
            case KERNEL -> CPU;
            case RUN -> PLAY;
        };
    }

    private static Action action(String id, Action.Group group, String name, String keys, BootstrapIcons icon,
            Runnable command, ObservableBooleanValue enabled) {
        Optional<KeyCombination> combination = keys.isEmpty()
                ? Optional.empty()
                : Optional.of(keys.length() == 1 ? new KeyCharacterCombination(keys) : KeyCombination.valueOf(keys));
        return new Action(id, group, name, combination, icon, command, enabled);
    }
}
