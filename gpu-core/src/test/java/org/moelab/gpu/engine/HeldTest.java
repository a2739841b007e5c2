package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class HeldTest {
    private final List<String> released = new ArrayList<>();

    @Test
    void close_givesBackTheLastFirst_andOnce() {
        Held held = new Held();
        assertThat(held.take("context", released::add)).isEqualTo("context");
        held.take("buffer", released::add);
        held.close();
        held.close();
        assertThat(released).containsExactly("buffer", "context");
    }

    @Test
    void close_whereOneFails_givesBackTheOthers() {
        Held held = new Held();
        held.take("context", released::add);
        held.take("buffer", _ -> {
            throw new IllegalStateException("the buffer is stuck");
        });
        held.take("stream", released::add);
        assertThatThrownBy(held::close).hasMessage("the buffer is stuck");
        assertThat(released).containsExactly("stream", "context");
    }
}
