package org.moelab.app.shell;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.charts.KernelTimeChartView;
import org.moelab.app.details.DetailsView;
import org.moelab.app.details.DetailsViewModel;
import org.moelab.app.kernels.KernelTableView;
import org.moelab.app.kernels.KernelTableViewModel;
import org.moelab.app.kernels.ProfiledTableView;
import org.moelab.app.launch.LaunchView;
import org.moelab.app.launch.LaunchViewModel;
import org.moelab.app.run.StoredRun;
import org.moelab.app.shell.HelpOverlay.ViewKey;
import org.moelab.app.theme.Panel;
import org.moelab.app.timeline.MarksView;
import org.moelab.app.timeline.TimelinePairView;
import org.moelab.app.timeline.TimelineViewModel;
import org.moelab.app.timeline.Viewport;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The window's content: places the views and wires keys, menus and dropped files. All that happens is in the models.
public final class MainView extends StackPane implements Actions.Window {
    private static final List<ViewKey> TIMELINE_KEYS = List.of(new ViewKey("W  S", "zoom in and out"),
            new ViewKey("A  D", "pan left and right"), new ViewKey("wheel", "scroll rows; with Ctrl zoom"),
            new ViewKey("F", "fit the selection"), new ViewKey("Home", "show the whole recording"),
            new ViewKey(".  ,", "next and previous event of the same name"),
            new ViewKey("M", "mark a moment, with a note"),
            new ViewKey("N  Shift+N", "next and previous mark"), new ViewKey("P", "pin the row under the pointer"),
            new ViewKey("drag", "select an area, in the ruler a time"), new ViewKey("Esc", "end the selection"),
            new ViewKey("Up  Down", "in a page: the layer, finding or profiled kernel above or below"),
            new ViewKey("PgUp  PgDn", "through the techniques of a layer; to the next recording's advice"),
            new ViewKey("V  H  Enter",
                    "on a kernel's page: figures, SASS or source; hottest row; row's source or SASS"),
            new ViewKey("Enter",
                    "on the advice page: show the finding's longest event; on that of layers: the operation "
                            + "that the first technique changed most"));

    private final MainViewModel model;
    private final FileDialogs dialogs;
    private final Exporter exporter;
    private final ReportExport reports;
    private final KernelTableViewModel kernels;
    private final KernelTableView kernelTable;
    private final KernelTimeChartView chart;
    private final TimelinePairView timeline;
    private final TimelineCandidates candidates;
    private final TextField filter = new TextField();
    private final Overlay overlay = new Overlay();
    private final Splits splits;
    private final RunPages pages;
    private final RunQuestions questions;
    private final List<Action> actions;

    /// @param model what the window holds
    /// @param dialogs asks for files
    public MainView(MainViewModel model, FileDialogs dialogs) {
        this(model, dialogs, LiveRuns.setting(model));
    }

    /// @param setting what runs are started with
    MainView(MainViewModel model, FileDialogs dialogs, LaunchViewModel.Setting setting) {
        this.model = model;
        this.dialogs = dialogs;
        this.exporter = new Exporter(model, dialogs);
        this.reports = new ReportExport(model, dialogs);
        this.splits = new Splits(model.settingsProperty().get().dividers());
        this.kernels = new KernelTableViewModel(model.selection(), model.fxThread(), this::tellFailure);
        this.kernelTable = new KernelTableView(kernels);
        this.chart = new KernelTimeChartView(kernels, model.paletteProperty());
        this.candidates = new TimelineCandidates(model.sides());
        this.timeline = new TimelinePairView(model.selection(), model.paletteProperty(), candidates.list(),
                other -> model.open(List.of(other.file())), model.annotations(), Lacking.timeline(model.selection()));
        this.pages = new RunPages(model, setting);
        this.questions = new RunQuestions(pages.launch(), overlay);
        this.actions = Actions.of(model, reports, this);
        getStyleClass().add("main");
        BorderPane frame = new BorderPane();
        frame.setTop(new VBox(topBar(), new NoticeBar(model),
                new TaskBar("import", model.importingProperty(), waiting(), model::cancelImport),
                new TaskBar("report", reports.writingProperty(), new SimpleStringProperty(""), reports::cancel),
                new RunBar(model)));
        frame.setCenter(workspace());
        frame.setBottom(new StatusBar(model));
        getChildren().addAll(frame, overlay);
        addEventHandler(KeyEvent.KEY_TYPED, this::plainKey);
        addEventHandler(KeyEvent.KEY_PRESSED, this::otherKeys);
        // an opened run takes the keys from what opened it
        model.runs().addListener((ListChangeListener<StoredRun>) change -> {
            while (change.next()) {
                if (change.wasAdded() && !change.wasReplaced()) {
                    model.fxThread().execute(() -> pages.focus(model.pageProperty().get()));
                }
            }
        });
        addEventHandler(DragEvent.DRAG_OVER, MainView::offerToOpen);
        addEventHandler(DragEvent.DRAG_DROPPED, this::openDropped);
    }

    private ObservableValue<String> waiting() {
        return Bindings.createStringBinding(
                () -> model.waiting().isEmpty() ? "" : ", then " + model.waiting().size() + " more", model.waiting());
    }

    private void tellFailure(Throwable failure) {
        model.tell(Notice.failure(failure));
    }

    private Node topBar() {
        Label brand = new Label("MoE Lab");
        brand.getStyleClass().add("brand");
        brand.setMinWidth(Region.USE_PREF_SIZE);
        Label where = new Label();
        where.getStyleClass().add("where");
        where.setMinWidth(0);
        where.textProperty().bind(Bindings.createStringBinding(
                () -> model.selection().runProperty().get().map(StoredRun::name)
                        .or(() -> model.current().map(OpenRecording::name)).orElse(""),
                model.selection().recordingProperty(), model.selection().runProperty(), model.recordings()));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(brand, MenuMaker.bar(actions, model), where, gap);
        for (String id : List.of("open", "export", "palette", "theme", "help")) {
            bar.getChildren().add(MenuMaker.button(action(id)));
        }
        bar.getStyleClass().add("top-bar");
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private Action action(String id) {
        return actions.stream().filter(a -> a.id().equals(id)).findFirst().orElseThrow();
    }

    private Node workspace() {
        DetailsViewModel details = new DetailsViewModel(model.selection(), kernels, model.fxThread(),
                this::tellFailure);
        Panel detailsPanel = Panel.of("Selected", new SimpleStringProperty("formulas on hover"),
                new DetailsView(details));
        detailsPanel.setId("details");
        Panel chartPanel = Panel.of("Device time by kernel", kernels.captionProperty(), chart);
        chartPanel.setId("chart");
        Panel timelinePanel = Panel.of("Timeline", timelineCaption(), timeline);
        timelinePanel.setId("timeline");
        contextMenu(timeline, MenuMaker.context(action("pin-row"), action("compare-timelines"), action("export"),
                action("clear")));
        contextMenu(chart, MenuMaker.context(action("export"), action("export-table")));
        Panel table = kernelPanel();
        SplitPane centre = splits.of("centre", Orientation.VERTICAL, Splits.first(0.6, 120, 4000), timelinePanel,
                chartPanel);
        // two timelines need the room
        timeline.viewModel().comparingProperty().subscribe(on -> centre.getItems().setAll(on
                ? List.of(timelinePanel)
                : List.of(timelinePanel, chartPanel)));
        SplitPane upper = splits.of("upper", Orientation.HORIZONTAL, Splits.second(0.26, 250, 380), centre,
                detailsPanel);
        SplitPane right = splits.of("right", Orientation.VERTICAL, Splits.second(0.3, 190, 460), upper, table);
        RecordingsView recordings = new RecordingsView(model);
        recordings.setMinWidth(200);
        detailsPanel.setMinWidth(220);
        SplitPane main = splits.of("main", Orientation.HORIZONTAL, Splits.first(0.18, 220, 330), recordings,
                pages.stack(right, new LaunchView.Answers(dialogs::folder, this::cancelRun)));
        // a larger window is for the timeline
        List.of(recordings, detailsPanel, table).forEach(side -> SplitPane.setResizableWithParent(side, false));
        EmptyView empty = new EmptyView(model, action("open"), action("page-" + Page.RUN.digit()));
        empty.visibleProperty().bind(Bindings.isEmpty(model.recordings()).and(Bindings.isEmpty(model.runs()))
                .and(model.pageProperty().isNotEqualTo(Page.RUN)));
        main.visibleProperty().bind(empty.visibleProperty().not());
        StackPane workspace = new StackPane(main, empty);
        workspace.getStyleClass().add("workspace");
        return workspace;
    }

    private static void contextMenu(Node view, ContextMenu menu) {
        view.setOnContextMenuRequested(e -> menu.show(view, e.getScreenX(), e.getScreenY()));
    }

    private ObservableValue<String> timelineCaption() {
        TimelineViewModel shown = timeline.viewModel().upper();
        ReadOnlyObjectProperty<Viewport> viewport = shown.viewportProperty();
        return Bindings.createStringBinding(
                () -> model.current().map(r -> r.recording() instanceof Trace
                        ? shown.occurrenceProperty().get().map(o -> o.place() + " · ").orElse("")
                                + Unit.NANOSECONDS.format(Math.rint(viewport.get().fromNs())) + " to "
                                + Unit.NANOSECONDS.format(Math.rint(viewport.get().toNs())) + " · " + r.tool()
                        : r.tool() + " records no timeline").orElse(""),
                viewport, shown.occurrenceProperty(), model.selection().recordingProperty(), model.recordings());
    }

    private Panel kernelPanel() {
        filter.setId("kernel-filter");
        filter.setPromptText("Filter: words, or /expression/");
        filter.getStyleClass().add("small-field");
        filter.setPrefWidth(220);
        filter.textProperty().bindBidirectional(kernels.filterProperty());
        filter.setAccessibleText("Filter kernels");
        Tooltip problem = new Tooltip();
        problem.textProperty().bind(kernels.filterProblemProperty());
        kernels.filterProblemProperty().subscribe(text -> {
            filter.pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("error"), !text.isEmpty());
            filter.setTooltip(text.isEmpty() ? null : problem);
        });
        ProfiledTableView profiled = new ProfiledTableView(model.selection());
        BooleanExpression isReport = BooleanExpression.booleanExpression(
                model.selection().recordingProperty().map(r -> r.orElse(null) instanceof KernelReport));
        profiled.visibleProperty().bind(isReport);
        kernelTable.visibleProperty().bind(isReport.not());
        filter.disableProperty().bind(isReport);
        kernelTable.setContextMenu(MenuMaker.context(action("export-table"), action("clear")));
        MarksView marks = new MarksView(timeline.viewModel().upper());
        AreaView area = new AreaView(timeline.areaProperty(), model.selection());
        Panel panel = Panel.tabbed(List.of(
                new Panel.Tab("Kernels", tableCaption(), new StackPane(kernelTable, profiled),
                        List.of(filter, MenuMaker.button(action("export-table")))),
                new Panel.Tab("Area", area.caption(), area, List.of()),
                new Panel.Tab("Marks", marks.caption(), marks, List.of())));
        panel.setId("kernels");
        return panel;
    }

    private ObservableValue<String> tableCaption() {
        return Bindings.createStringBinding(
                () -> model.current().filter(r -> r.recording() instanceof KernelReport)
                        .map(r -> r.size() + " · " + r.tool() + " · a row a launch")
                        .orElse(kernels.captionProperty().get()),
                kernels.captionProperty(), model.selection().recordingProperty(), model.recordings());
    }

    private void plainKey(KeyEvent event) {
        if (event.getTarget() instanceof TextInputControl || overlay.isVisible()) {
            return;
        }
        actions.stream().filter(a -> a.isPlainKey() && a.keys().equals(event.getCharacter())).findFirst()
                .ifPresent(a -> {
                    a.run();
                    event.consume();
                });
    }

    /// The keys of text sizes where plus is not a key of its own, and on the number pad.
    private void otherKeys(KeyEvent event) {
        if (event.isShortcutDown()) {
            switch (event.getCode()) {
                case EQUALS, ADD -> model.textSize().larger();
                case SUBTRACT -> model.textSize().smaller();
                case NUMPAD0 -> model.textSize().usual();
                default -> {
                    return;
                }
            }
            event.consume();
        }
    }

    private static void offerToOpen(DragEvent event) {
        if (event.getDragboard().hasFiles()) {
            event.acceptTransferModes(TransferMode.COPY);
            event.consume();
        }
    }

    private void openDropped(DragEvent event) {
        List<File> files = event.getDragboard().getFiles();
        model.open(files.stream().map(File::toPath).toList());
        event.setDropCompleted(!files.isEmpty());
        event.consume();
    }

    @Override
    public void chooseFiles() {
        model.open(dialogs.recordings());
    }

    @Override
    public void chooseRun() {
        dialogs.run().ifPresent(run -> model.open(List.of(run)));
    }

    @Override
    public void exportPicture() {
        List<ExportPane.Source> sources = new ArrayList<>();
        timeline.viewModel().figure().ifPresent(figure -> sources
                .add(new ExportPane.Source("Timeline view", "timeline", () -> figure, exporter::recording)));
        if (model.current().isPresent()) {
            sources.add(new ExportPane.Source("Kernel time", "kernel-time", chart::figure, exporter::recording));
        }
        sources.addAll(model.pageProperty().get() == Page.TIMELINE ? sources.size() : 0,
                pages.pictures(exporter));
        ExportPane pane = new ExportPane(sources, model.paletteProperty().get(), exporter, overlay::hide);
        overlay.show(pane, pane.firstField());
    }

    @Override
    public void exportTable() {
        if (model.pageProperty().get() == Page.TIMELINE) {
            exporter.table(KernelTableViewModel.export(kernelTable.getItems()), "kernels", exporter.recording());
            return;
        }
        String name = model.pageProperty().get().title().toLowerCase(Locale.ROOT);
        pages.table().ifPresentOrElse(table -> exporter.table(table, name, exporter.roofed()),
                () -> model.tell(Notice.done("nothing was measured that could be exported here")));
    }

    @Override
    public void compareTimelines() {
        model.pageProperty().set(Page.TIMELINE);
        BooleanProperty comparing = timeline.viewModel().comparingProperty();
        comparing.set(!comparing.get());
    }

    @Override
    public void pinRow() {
        timeline.pinRow();
    }

    @Override
    public void findKernel() {
        model.pageProperty().set(Page.TIMELINE);
        filter.requestFocus();
        filter.selectAll();
    }

    @Override
    public void showPalette() {
        CommandPalette palette = new CommandPalette(actions, overlay::hide);
        overlay.show(palette, palette.field());
    }

    @Override
    public void showHelp() {
        HelpOverlay help = new HelpOverlay(actions, "Timeline", TIMELINE_KEYS);
        overlay.show(help, help.content());
    }

    @Override
    public void showAbout() {
        String version = Optional.ofNullable(MainView.class.getPackage().getImplementationVersion()).orElse("");
        model.tell(Notice.done(("MoE Lab " + version).strip() + " on Java " + System.getProperty("java.version")
                + ", JavaFX " + System.getProperty("javafx.runtime.version")));
    }

    @Override
    public void resetLayout() {
        splits.reset();
    }

    @Override
    public void clearSelection() {
        model.selection().eventProperty().set(OptionalInt.empty());
        model.selection().kernelProperty().set(Optional.empty());
        model.selection().rangeProperty().set(Optional.empty());
    }

    @Override
    public void pinKernel() {
        pages.pinKernel();
    }

    @Override
    public void startRun() {
        pages.launch().start();
    }

    @Override
    public void cancelRun() {
        questions.cancel();
    }

    @Override
    public ObservableBooleanValue startable() {
        return BooleanExpression.booleanExpression(pages.launch().startableProperty())
                .and(model.pageProperty().isEqualTo(Page.RUN));
    }

    @Override
    public ObservableBooleanValue running() {
        return pages.launch().runningProperty();
    }

    @Override
    public void turnTo(Page page) {
        model.pageProperty().set(page);
        pages.focus(page);
    }

    @Override
    public void quit() {
        if (mayClose()) {
            Platform.exit();
        }
    }

    /// Whether the window can close at once; asks the person where a run goes on.
    boolean mayClose() {
        return questions.mayClose();
    }

    /// Ends a run that goes on.
    void endRun() {
        pages.launch().cancel();
    }

    /// Where the movable splits are.
    Map<String, List<Double>> splitPlaces() {
        return splits.places();
    }
}
