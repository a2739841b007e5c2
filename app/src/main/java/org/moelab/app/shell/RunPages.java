package org.moelab.app.shell;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.moelab.app.advice.AdviceView;
import org.moelab.app.advice.AdviceViewModel;
import org.moelab.app.expectation.EarlierSpeedups;
import org.moelab.app.export.Figure;
import org.moelab.app.compare.CompareView;
import org.moelab.app.compare.CompareViewModel;
import org.moelab.app.inference.InferenceView;
import org.moelab.app.inference.InferenceViewModel;
import org.moelab.app.launch.LaunchView;
import org.moelab.app.launch.LaunchViewModel;
import org.moelab.app.layers.LayersView;
import org.moelab.app.layers.LayersViewModel;
import org.moelab.app.profile.CodeViewModel;
import org.moelab.app.profile.ProfileView;
import org.moelab.app.profile.ProfileViewModel;
import org.moelab.app.roofline.RooflineView;
import org.moelab.app.roofline.RooflineViewModel;
import org.moelab.app.run.Proposal;
import org.moelab.app.speedup.SpeedupView;
import org.moelab.app.speedup.SpeedupViewModel;
import org.moelab.app.speedup.TransformerLayersViewModel;
import org.moelab.app.theme.Panel;
import org.moelab.traces.advice.Place;
import org.moelab.traces.stats.ReportTable;

import javafx.scene.Node;
import javafx.scene.control.TableView;
import javafx.scene.layout.StackPane;

/// The views of a run, each a page of its own.
final class RunPages {
    private final MainViewModel model;
    private final LayersViewModel layers;
    private final SpeedupViewModel speedup;
    private final TransformerLayersViewModel transformer;
    private final RooflineViewModel roofline;
    private final InferenceViewModel inference;
    private final CompareViewModel compare;
    private final AdviceViewModel advice;
    private final ProfileViewModel profile;
    private final LiveRuns live;
    private final LaunchViewModel launch;
    private final CodeViewModel code;
    private final Map<Page, Node> shown = new EnumMap<>(Page.class);

    RunPages(MainViewModel model, LaunchViewModel.Setting setting) {
        this.model = model;
        this.live = new LiveRuns(model);
        this.launch = new LaunchViewModel(setting, live::show);
        model.pageProperty().subscribe(page -> {
            if (page == Page.RUN) {
                launch.ask();
            }
        });
        this.layers = new LayersViewModel(model.selection(), model.catalogue(), EarlierSpeedups.EXPECTED);
        this.speedup = new SpeedupViewModel(model.selection(), model.catalogue(), EarlierSpeedups.EXPECTED);
        this.transformer = new TransformerLayersViewModel(model.selection(), model.fxThread(),
                failure -> model.tell(Notice.failure(failure)));
        this.roofline = new RooflineViewModel(model.selection());
        this.inference = new InferenceViewModel(model.selection());
        this.compare = new CompareViewModel(model.selection(), model.sides(),
                side -> model.open(List.of(side.file())), model.fxThread(),
                failure -> model.tell(Notice.failure(failure)));
        compare.activeProperty().bind(model.pageProperty().map(Page.COMPARE::equals));
        this.profile = new ProfileViewModel(model.selection());
        this.code = new CodeViewModel(profile, model.fxThread(), failure -> model.tell(Notice.failure(failure)));
        this.advice = new AdviceViewModel(model.selection(), model.catalogue(), model.fxThread(),
                failure -> model.tell(Notice.failure(failure)));
    }

    /// The pages over each other; the chosen one shows.
    ///
    /// @param timeline the page of the timeline
    /// @param answers what the page of runs asks of the person
    StackPane stack(Node timeline, LaunchView.Answers answers) {
        StackPane stack = new StackPane();
        lay(stack, Page.TIMELINE, () -> timeline);
        lay(stack, Page.LAYERS, () -> Panel.of("Layers", layers.captionProperty(),
                new LayersView(layers, model.paletteProperty(), this::propose, this::showOperations)));
        lay(stack, Page.SPEEDUP, () -> Panel.of("Speedup", speedup.captionProperty(),
                new SpeedupView(speedup, transformer, model.paletteProperty())));
        lay(stack, Page.ROOFLINE, () -> Panel.of("Roofline", roofline.captionProperty(),
                new RooflineView(roofline, model.paletteProperty())));
        lay(stack, Page.INFERENCE, () -> Panel.of("Inference", inference.captionProperty(),
                new InferenceView(inference, model.paletteProperty())));
        lay(stack, Page.COMPARE, () -> Panel.of("Compare", compare.captionProperty(),
                new CompareView(compare, model.paletteProperty())));
        lay(stack, Page.ADVICE, () -> Panel.of("Advice", advice.captionProperty(),
                new AdviceView(advice, model.paletteProperty(), this::show)));
        lay(stack, Page.KERNEL, () -> Panel.of("Kernel", profile.captionProperty(),
                new ProfileView(profile, code, model.paletteProperty())));
        lay(stack, Page.RUN, () -> Panel.of("Run", launch.stateProperty(), new LaunchView(launch, answers)));
        stack.setMinSize(0, 0);
        return stack;
    }

    /// Lays a page over the others when it is first to be seen: dressing all of them took most of the time that the window
    /// needed to start. Turning to a page lays it at once, so that it can be given the focus. What is merely offered now is
    /// looked at once more first, because a run that opens turns from the timeline to its layers at once.
    private void lay(StackPane stack, Page page, Supplier<Node> made) {
        AtomicBoolean laid = new AtomicBoolean();
        Runnable look = () -> {
            if (isSeen(page) && laid.compareAndSet(false, true)) {
                Node node = showOn(page, made.get());
                stack.getChildren().add(node);
                // what lies in splits belongs to the scene, and can have the focus, only when these are dressed
                node.applyCss();
            }
        };
        model.pageProperty().subscribe(look);
        model.offeredProperty(page).subscribe(_ -> model.fxThread().execute(look));
    }

    private boolean isSeen(Page page) {
        return model.pageProperty().get() == page && model.offeredProperty(page).getValue();
    }

    /// Turns to the page where the run that would show something can be started.
    private void propose(Proposal proposal) {
        model.selection().runProperty().get().ifPresent(run -> {
            live.awaitFor(run);
            launch.fill(proposal, run);
            model.pageProperty().set(Page.RUN);
        });
    }

    private void showOperations() {
        transformer.activeProperty().set(false);
        model.pageProperty().set(Page.SPEEDUP);
        focus(Page.SPEEDUP);
    }

    /// What is to run, and the run that goes on.
    LaunchViewModel launch() {
        return launch;
    }

    /// Turns to the page that shows what a finding speaks of.
    private void show(Place place) {
        switch (place) {
            case Place.Span _,Place.Event _ -> model.pageProperty().set(Page.TIMELINE);
            case Place.Operation(_, _, String operation) ->
                model.pageProperty().set(operation.isEmpty() ? Page.LAYERS : Page.ROOFLINE);
            case Place.Nowhere _ -> {
            }
        }
    }

    private Node showOn(Page page, Node node) {
        shown.put(page, node);
        node.visibleProperty().bind(model.pageProperty().map(page::equals));
        node.managedProperty().bind(node.visibleProperty());
        return node;
    }

    /// Gives the keys to a page that shows.
    void focus(Page page) {
        Optional.of(page.focus()).filter(selector -> !selector.isEmpty())
                .flatMap(selector -> Optional.ofNullable(shown.get(page)).map(node -> node.lookup(selector)))
                .ifPresent(node -> {
                    node.requestFocus();
                    if (node instanceof TableView<?> table && table.getFocusModel().getFocusedIndex() < 0) {
                        table.getFocusModel().focus(0); // keys go on from a row
                    }
                });
    }

    /// Holds profiled kernels against the one that is looked at.
    void pinKernel() {
        profile.pin();
    }

    /// The figures of the run that can be exported, that of the page which shows first.
    List<ExportPane.Source> pictures(Exporter exporter) {
        List<ExportPane.Source> sources = new ArrayList<>();
        add(sources, Page.LAYERS, layers.figureProperty().getValue(), exporter::run);
        add(sources, Page.SPEEDUP, speedup.figureProperty().getValue(), exporter::run);
        transformer.figureProperty().get().ifPresent(f -> sources.add(
                new ExportPane.Source("Transformer layers", "transformer-layers", () -> f, exporter::run)));
        add(sources, Page.ROOFLINE, roofline.figureProperty().getValue(), exporter::roofed);
        add(sources, Page.INFERENCE, inference.figureProperty().getValue(), exporter::run);
        add(sources, Page.COMPARE, compare.figureProperty().getValue(), exporter::run);
        add(sources, Page.ADVICE, advice.figureProperty().getValue(), exporter::roofed);
        add(sources, Page.KERNEL, profile.figureProperty().getValue(), exporter::roofed);
        code.figure().ifPresent(f -> sources.add(model.pageProperty().get() == Page.KERNEL ? 0 : sources.size(),
                new ExportPane.Source(code.title(), code.name(), () -> f, exporter::roofed)));
        return sources;
    }

    private void add(List<ExportPane.Source> sources, Page page, Optional<? extends Figure> figure,
            Supplier<Exporter.Origin> origin) {
        figure.ifPresent(f -> sources.add(model.pageProperty().get() == page ? 0 : sources.size(),
                new ExportPane.Source(page.title(), page.title().toLowerCase(java.util.Locale.ROOT), () -> f,
                        origin)));
    }

    /// What the page shows as a table; empty for the timeline, and where nothing was measured.
    Optional<ReportTable> table() {
        return switch (model.pageProperty().get()) {
            case TIMELINE, RUN -> Optional.empty();
            case LAYERS -> layers.table();
            case SPEEDUP -> transformer.table().or(speedup::table);
            case ROOFLINE -> roofline.table();
            case INFERENCE -> inference.tableProperty().getValue();
            case COMPARE -> compare.table();
            case ADVICE -> advice.table();
            case KERNEL -> code.table().or(profile::table);
        };
    }
}
