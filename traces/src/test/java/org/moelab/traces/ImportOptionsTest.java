package org.moelab.traces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImportOptionsTest {
    @Test
    void maxUnpackedBytes_packedSize_allowsAHundredTimesAndAtLeastAGigabyte() {
        ImportOptions options = ImportOptions.DEFAULT;

        assertThat(options.maxUnpackedBytes(1_000)).isEqualTo(1_000_000_000L);
        assertThat(options.maxUnpackedBytes(50_000_000)).isEqualTo(5_000_000_000L);
        assertThat(options.maxUnpackedBytes(1_000_000_000)).isEqualTo(16_000_000_000L);
        assertThat(new ImportOptions(100).maxUnpackedBytes(1_000)).isEqualTo(100);
    }
}
