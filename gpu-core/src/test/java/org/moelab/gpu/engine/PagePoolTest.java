package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class PagePoolTest {
    @Test
    void growth_ofAnEmptyPool_isWholeChunksUpToTheMost() {
        assertThat(new PagePool(100).growth(1)).isEqualTo(PagePool.CHUNK_PAGES);
        assertThat(new PagePool(100).growth(PagePool.CHUNK_PAGES + 1)).isEqualTo(2 * PagePool.CHUNK_PAGES);
        assertThat(new PagePool(5).growth(1)).isEqualTo(5);
        assertThat(new PagePool(5).growth(0)).isZero();
    }

    @Test
    void growth_whereEnoughAreFree_isNothing() {
        PagePool pool = new PagePool(100);
        pool.add(16);
        IntStream.range(0, 10).forEach(_ -> pool.take());

        assertThat(pool.growth(6)).isZero();
        assertThat(pool.growth(7)).isEqualTo(16);
        assertThat(pool.growth(90)).isEqualTo(84); // all that there may be
        assertThatIllegalStateException().isThrownBy(() -> pool.growth(91)).withMessageContaining("grow by 84");
    }

    @Test
    void take_ofAllPages_givesEachOnceAndThenRefuses() {
        PagePool pool = new PagePool(7);
        pool.add(3);
        pool.add(4);

        assertThat(IntStream.range(0, 7).mapToObj(_ -> pool.take())).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
        assertThat(pool.free()).isZero();
        assertThatIllegalStateException().isThrownBy(pool::take).withMessageContaining("7 pages");
    }

    @Test
    void release_ofASharedPage_freesItWithItsLastUser() {
        PagePool pool = new PagePool(1);
        pool.add(1);
        int page = pool.take();
        pool.share(page);

        pool.release(page);
        assertThat(pool.free()).isZero();
        pool.release(page);
        assertThat(pool.free()).isEqualTo(1);
        assertThat(pool.take()).isEqualTo(page);
    }

    @Test
    void releaseAndShare_ofAFreePage_areRefused() {
        PagePool pool = new PagePool(1);
        pool.add(1);

        assertThatIllegalStateException().isThrownBy(() -> pool.release(0)).withMessageContaining("page 0");
        assertThatIllegalStateException().isThrownBy(() -> pool.share(0)).withMessageContaining("page 0");
    }
}
