package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTableTest {
    private final PagePool pool = new PagePool(12);

    PageTableTest() {
        pool.add(12);
    }

    @ParameterizedTest
    @CsvSource({ "0, 0", "1, 3", "64, 3", "65, 6", "200, 12" })
    void missing_ofAnEmptyTable_isAPageForEach64TokensOfASequence(int tokens, int pages) {
        assertThat(new PageTable(pool, 3, 200).missing(tokens)).isEqualTo(pages);
    }

    @Test
    void extend_acrossABoundary_takesAPageForEachSequenceOnce() {
        PageTable table = new PageTable(pool, 3, 200);

        assertThat(table.extend(64)).contains(new PageTable.Span(0, 9));
        assertThat(pool.free()).isEqualTo(9);
        assertThat(table.extend(64)).isEmpty();
        assertThat(table.missing(65)).isEqualTo(3);
        assertThat(table.extend(65)).contains(new PageTable.Span(1, 10));
        assertThat(table.extend(128)).isEmpty();
        assertThat(pool.free()).isEqualTo(6);
    }

    @Test
    void page_ofEveryEntry_isAnotherOrNoneWhereTheSequenceHasNotComeSoFar() {
        PageTable table = new PageTable(pool, 3, 200);
        table.extend(1);
        table.extend(100);

        assertThat(IntStream.of(0, 1, 4, 5, 8, 9).mapToObj(table::page)).doesNotHaveDuplicates()
                .allMatch(Optional::isPresent);
        assertThat(IntStream.of(2, 3, 6, 7, 10, 11).mapToObj(table::page)).allMatch(Optional::isEmpty);
    }

    @Test
    void clear_ofAGrownTable_givesAllPagesBack() {
        PageTable table = new PageTable(pool, 3, 200);
        table.extend(200);
        assertThat(pool.free()).isZero();

        table.clear();

        assertThat(pool.free()).isEqualTo(12);
        assertThat(table.page(0)).isEmpty();
        assertThat(table.extend(200)).contains(new PageTable.Span(0, 12));
    }

    @Test
    void extend_beyondTheCapacity_isRefused() {
        PageTable table = new PageTable(pool, 3, 200);
        assertThat(table.pagesEach()).isEqualTo(4);
        assertThatIllegalArgumentException().isThrownBy(() -> table.extend(257)).withMessageContaining("257");
    }
}
