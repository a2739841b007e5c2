package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;

@ExtendWith(ApplicationExtension.class)
class SplitTest {
    private static Split split(Orientation orientation) {
        Split split = new Split(orientation, Splits.first(0.6, 120, 4000), new Region(), new Region());
        new Scene(split);
        split.applyCss();
        return split;
    }

    private static void size(Split split, double... heights) {
        for (double height : heights) {
            split.resize(500, height);
            split.layout();
        }
    }

    private static double place(Split split) {
        return split.getDividerPositions()[0];
    }

    @Test
    void layout_anySizesOnTheWay_placesTheDividerBySizeAlone(FxRobot robot) {
        Split atOnce = split(Orientation.VERTICAL);
        Split inSteps = split(Orientation.VERTICAL);

        robot.interact(() -> {
            size(atOnce, 492);
            size(inSteps, 300, 301, 977, 494, 493, 492);
        });

        assertThat(place(inSteps)).isEqualTo(place(atOnce)).isCloseTo(0.6, within(0.01));
        assertThat(inSteps.chosen()).isEmpty();
    }

    @Test
    void restore_earlierPlace_holdsUntilReset(FxRobot robot) {
        Split split = split(Orientation.VERTICAL);

        robot.interact(() -> {
            split.restore(0.3);
            size(split, 300, 500);
        });
        assertThat(place(split)).isCloseTo(0.3, within(0.01));
        assertThat(split.chosen()).hasSize(1);

        robot.interact(() -> {
            split.reset();
            split.layout();
        });
        assertThat(place(split)).isCloseTo(0.6, within(0.01));
        assertThat(split.chosen()).isEmpty();
    }

    @Test
    void drag_ofTheDivider_isKeptWhenTheWindowGrows(FxRobot robot) {
        Split split = split(Orientation.HORIZONTAL);
        robot.interact(() -> {
            size(split, 400);
            Node divider = split.lookup(".split-pane-divider");
            divider.fireEvent(new MouseEvent(MouseEvent.MOUSE_DRAGGED, 0, 0, 0, 0, MouseButton.PRIMARY, 1, false, false,
                    false, false, true, false, false, true, false, false, null));
            split.setDividerPositions(0.2);
            split.layout();
            split.resize(700, 400);
            split.layout();
        });

        assertThat(place(split)).isNotCloseTo(0.6, within(0.05));
        assertThat(split.chosen()).containsExactly(place(split));
    }
}
