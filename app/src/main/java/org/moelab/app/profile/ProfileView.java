package org.moelab.app.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.figure.FigurePane;
import org.moelab.app.profile.KernelProfile.Rule;
import org.moelab.app.profile.Measure.Section;
import org.moelab.app.theme.Palette;

import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// A profiled kernel as a picture, and beside it its figures with the baseline's and what Nsight Compute's rules say.
public final class ProfileView extends HBox {
    private static final double CARD_WIDTH = 352;

    private final ProfileViewModel model;
    private final StackPane picture = new StackPane();
    private final VBox card = new VBox();

    /// Shows what the models follow.
    public ProfileView(ProfileViewModel model, CodeViewModel code, ObservableValue<Palette> palette) {
        this.model = model;
        setId("profile");
        getStyleClass().addAll("layers", "profile");
        ScrollPane cards = scrolling(card);
        cards.setMinWidth(CARD_WIDTH);
        cards.setPrefWidth(CARD_WIDTH);
        cards.setMaxWidth(CARD_WIDTH);
        card.getStyleClass().add("layer-card");
        ScrollPane left = scrolling(picture);
        VBox.setVgrow(left, Priority.ALWAYS);
        CodeView listing = new CodeView(code);
        VBox.setVgrow(listing, Priority.ALWAYS);
        VBox page = new VBox(parts(code), left, listing);
        page.setMinSize(0, 0);
        HBox.setHgrow(page, Priority.ALWAYS);
        code.partProperty().subscribe(part -> {
            show(part != CodePart.FIGURES, listing);
            show(part == CodePart.FIGURES, left, cards);
        });
        addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.V && !e.isShortcutDown() && !(e.getTarget() instanceof TextInputControl)) {
                code.turn();
                e.consume();
            }
        });
        picture.setMinWidth(0);
        picture.setId("kernel-figures");
        picture.setFocusTraversable(true);
        picture.setOnMouseClicked(_ -> picture.requestFocus());
        picture.addEventHandler(KeyEvent.KEY_PRESSED, this::step);
        getChildren().addAll(page, cards);
        model.figureProperty().subscribe(now -> {
            if (now.isPresent() && picture.getChildren().isEmpty()) {
                picture.getChildren()
                        .add(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                picture.getChildren().clear();
            }
            card.getChildren().setAll(now.map(this::nodes).orElse(List.of()));
            picture.setAccessibleText("Profiled kernel; up and down go to the one before or behind. "
                    + now.map(ProfileView::spoken).orElse(""));
        });
    }

    private static void show(boolean shown, Node... nodes) {
        for (Node node : nodes) {
            node.setVisible(shown);
            node.setManaged(shown);
        }
    }

    private HBox parts(CodeViewModel code) {
        HBox bar = new HBox();
        bar.getStyleClass().add("code-parts");
        for (CodePart part : CodePart.values()) {
            ToggleButton button = new ToggleButton(part.title());
            button.setId("code-part-" + part.title().toLowerCase(Locale.ROOT));
            button.getStyleClass().add("quiet");
            button.setTooltip(new Tooltip("V turns to the next of figures, SASS and source"));
            button.setOnAction(_ -> code.partProperty().set(part));
            // a second press on the chosen one changes nothing
            button.selectedProperty().subscribe(_ -> button.setSelected(code.partProperty().get() == part));
            code.partProperty().subscribe(now -> button.setSelected(now == part));
            bar.getChildren().add(button);
        }
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox steps = new HBox(6, button("Previous", "the kernel before", () -> model.selectNeighbour(-1)),
                button("Next", "the kernel behind", () -> model.selectNeighbour(1)));
        code.partProperty().subscribe(now -> show(now != CodePart.FIGURES, steps));
        bar.getChildren().addAll(gap, steps);
        return bar;
    }

    private static String spoken(ProfileFigure shown) {
        return shown.profile().label() + ": " + shown.profile().of(Section.SPEED_OF_LIGHT).stream()
                .map(m -> m.label() + " " + m.text()).collect(Collectors.joining(", "));
    }

    private static ScrollPane scrolling(Node content) {
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinHeight(0);
        scroll.setMinWidth(0);
        return scroll;
    }

    private void step(KeyEvent event) {
        switch (event.getCode()) {
            case UP -> model.selectNeighbour(-1);
            case DOWN -> model.selectNeighbour(1);
            default -> {
                return;
            }
        }
        event.consume();
    }

    private List<Node> nodes(ProfileFigure shown) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(label(shown.profile().label(), "layer-title"));
        nodes.add(buttons());
        shown.baseline().ifPresent(b -> nodes.add(label("right column: baseline, " + b.label(), "technique-line")));
        for (Section section : Section.values()) {
            List<Measure> measures = shown.profile().of(section);
            if (!measures.isEmpty()) {
                nodes.add(label(section.title().toUpperCase(Locale.ROOT), "facts-title"));
                nodes.add(facts(measures, shown.baseline()));
            }
        }
        if (!shown.profile().rules().isEmpty()) {
            nodes.add(label("RULES OF NSIGHT COMPUTE", "facts-title"));
            shown.profile().rules().forEach(r -> nodes.add(rule(r)));
        }
        return nodes;
    }

    private Node buttons() {
        boolean pinned = model.baselineProperty().getValue().isPresent()
                && model.baselineProperty().getValue().equals(model.profileProperty().getValue());
        FlowPane buttons = new FlowPane(6, 6, button("Previous", "the kernel before", () -> model.selectNeighbour(-1)),
                button("Next", "the kernel behind", () -> model.selectNeighbour(1)),
                button(pinned ? "Unpin" : "Pin as baseline", "hold other kernels against this one", model::pin));
        buttons.getChildren().getLast().setId("pin-kernel");
        return buttons;
    }

    private static Button button(String text, String tip, Runnable command) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setTooltip(new Tooltip(tip));
        button.setOnAction(_ -> command.run());
        return button;
    }

    private static Node facts(List<Measure> measures, Optional<KernelProfile> baseline) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts-grid");
        for (int row = 0; row < measures.size(); row++) {
            Measure m = measures.get(row);
            Label name = label(m.label(), "fact-label");
            name.setMinWidth(136);
            name.setPrefWidth(136);
            Label value = label(m.text(), "fact-value");
            value.setMinWidth(76);
            Label before = label(baseline.flatMap(b -> b.find(m.section(), m.label())).map(Measure::text).orElse(""),
                    "fact-label");
            for (Label figure : List.of(value, before)) {
                figure.getStyleClass().add("figures");
                figure.setTooltip(new Tooltip(m.metric()));
            }
            grid.addRow(row, name, value, before);
        }
        return grid;
    }

    private static Node rule(Rule rule) {
        VBox box = new VBox(label(rule.title(), "technique-name"));
        if (!rule.speedup().isEmpty()) {
            box.getChildren().add(label(rule.speedup().toUpperCase(Locale.ROOT), "technique-status"));
        }
        box.getChildren().add(label(rule.text(), "technique-line"));
        box.getStyleClass().addAll("technique", rule.speedup().isEmpty() ? "off" : "on");
        return box;
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }
}
