package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

import javafx.beans.property.SimpleBooleanProperty;

class CommandPaletteTest {
    @ParameterizedTest
    @CsvSource({ "'', true", "exp, true", "FILE EXP, true", "fexpic, true", "picexp, false", "exportx, false" })
    void matches_letters_mustOccurInOrder(String typed, boolean expected) {
        Action action = new Action("export", Action.Group.FILE, "Export picture …", Optional.empty(),
                BootstrapIcons.TABLE, () -> {
                }, new SimpleBooleanProperty(true));

        assertThat(CommandPalette.matches(action, typed)).isEqualTo(expected);
    }
}
