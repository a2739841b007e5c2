package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StringTableTest {
    @Test
    void intern_ofTheSameText_givesTheSameIndex() {
        StringTable.Builder builder = new StringTable.Builder();
        int[] ids = new int[5000];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = builder.intern("kernel<" + i + ">, µs");
        }
        for (int i = 0; i < ids.length; i++) {
            assertThat(builder.intern("kernel<" + i + ">, µs")).isEqualTo(ids[i]);
        }
        StringTable table = builder.build();
        assertThat(table.size()).isEqualTo(ids.length + 1);
        assertThat(table.get(0)).isEmpty();
        assertThat(table.get(ids[4711])).isEqualTo("kernel<4711>, µs");
        assertThat(table.find("kernel<42>, µs")).isEqualTo(ids[42]);
        assertThat(table.find("missing")).isEqualTo(-1);
    }

    @Test
    void merge_ofOverlappingTables_mapsEveryIndexToTheSameText() {
        StringTable.Builder a = new StringTable.Builder();
        StringTable.Builder b = new StringTable.Builder();
        for (int i = 0; i < 100; i++) {
            a.intern("s" + i);
            b.intern("s" + (i + 50));
        }
        int[] map = a.merge(b);
        for (int id = 0; id < b.size(); id++) {
            assertThat(a.get(map[id])).isEqualTo(b.get(id));
        }
        assertThat(a.size()).isEqualTo(151);
    }
}
