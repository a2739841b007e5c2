package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.MemoryLedger.Account;

class MemoryLedgerTest {
    private final MemoryLedger ledger = new MemoryLedger();

    @Test
    void accounts_allocationsAndFrees_keepWhatIsHeldAndThePeak() {
        ledger.allocated("weights", 1000);
        ledger.allocated("kv cache", 300);
        ledger.allocated("weights", 500);
        ledger.freed("weights", 1000);

        assertThat(ledger.bytes()).isEqualTo(800);
        assertThat(ledger.peakBytes()).isEqualTo(1800);
        assertThat(ledger.accounts()).containsExactly(new Account("weights", 500, 1500, 1),
                new Account("kv cache", 300, 300, 1));
        assertThat(ledger.outstanding()).isEqualTo("weights: 500.0 B in 1 buffer, kv cache: 300.0 B in 1 buffer");
    }

    @Test
    void outstanding_allFreed_saysNothing() {
        ledger.allocated("workspace", 64);
        ledger.freed("workspace", 64);

        assertThat(ledger.outstanding()).isEqualTo("nothing");
    }

    @Test
    void freed_moreThanAllocated_isRefused() {
        ledger.allocated("workspace", 64);

        assertThatThrownBy(() -> ledger.freed("workspace", 65)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ledger.freed("weights", 1)).isInstanceOf(IllegalStateException.class);
        assertThat(ledger.bytes()).isEqualTo(64);
    }
}
