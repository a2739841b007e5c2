package org.moelab.app.shell;

import java.util.Optional;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.input.KeyCharacterCombination;
import javafx.scene.input.KeyCombination;

/// Something that a person can do. Menus, toolbar, palette and help are made from one list of these.
///
/// @param id stable, in kebab case
/// @param group the menu that it stands in
/// @param name what people call it; ends in … where it asks for more
/// @param accelerator the keys that do it
/// @param icon its sign
/// @param command does it
/// @param enabled whether it can be done now
public record Action(String id, Group group, String name, Optional<KeyCombination> accelerator, BootstrapIcons icon,
        Runnable command, ObservableBooleanValue enabled) {
    /// The menus, in their order.
    public enum Group {
        FILE("File"), VIEW("View"), SELECTION("Selection"), RUN("Run"), HELP("Help");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /// The menu's name.
        public String title() {
            return title;
        }
    }

    /// Does it, if it can be done now.
    public void run() {
        if (enabled.get()) {
            command.run();
        }
    }

    /// Whether the keys are a character without Ctrl or Alt: not to be heard while the person types text.
    public boolean isPlainKey() {
        return accelerator.filter(KeyCharacterCombination.class::isInstance).isPresent();
    }

    /// The keys as people write them, empty where there are none.
    public String keys() {
        return accelerator.map(KeyCombination::getDisplayText).orElse("").replace("PAGE_", "Page ")
                .replace("UP", "Up").replace("DOWN", "Down").replace("BACK_SPACE", "Backspace");
    }
}
