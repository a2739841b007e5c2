package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RoutingTest {
    @Test
    void experts_ofEqualLogits_areTheLowestNumbers() {
        Routing routing = Routing.of(new float[] { 1, 3, 2, 3, 3, 2 }, 0, 6, 4);
        assertThat(routing.experts()).containsExactly(1, 3, 4, 2);
    }

    @Test
    void weights_ofChosenLogits_areTheirSoftmaxAlone() {
        Routing routing = Routing.of(new float[] { 9, 9, 0, (float) Math.log(3), -50, 9 }, 2, 3, 2);
        assertThat(routing.experts()).containsExactly(1, 0);
        assertThat(routing.weights()[0]).isCloseTo(0.75f, within(1e-6f));
        assertThat(routing.weights()[1]).isCloseTo(0.25f, within(1e-6f));
    }

    @Test
    void routing_amongGivenExperts_ordersAndWeighsThemAlone() {
        Routing routing = Routing.among(new float[] { 9, 0, 9, (float) Math.log(3) }, new int[] { 1, 3 });
        assertThat(routing.experts()).containsExactly(3, 1);
        assertThat(routing.weights()[0]).isCloseTo(0.75f, within(1e-6f));
    }

    @Test
    void weights_ofHugeLogits_areFinite() {
        assertThat(Routing.of(new float[] { 1e4f, 1e4f, -1e4f }, 0, 3, 3).weights()).containsExactly(0.5f, 0.5f, 0f);
    }
}
