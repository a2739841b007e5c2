package org.moelab.gpu.cuda;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.moelab.traces.model.Unit;

/// What device memory was taken for, now and at the most: so that memory can be shown by purpose, and so that nothing is
/// left allocated unnoticed. Any thread may use it.
public final class MemoryLedger {
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private long bytes;
    private long peakBytes;

    /// What one purpose holds.
    ///
    /// @param purpose what the memory is for: `weights`, `kv cache`
    /// @param bytes held now
    /// @param peakBytes the most that was held at once
    /// @param buffers how many buffers are held now
    public record Account(String purpose, long bytes, long peakBytes, int buffers) {
        private Account add(long more) {
            long now = bytes + more;
            return new Account(purpose, now, Math.max(peakBytes, now), buffers + 1);
        }

        private Account remove(long less) {
            return new Account(purpose, bytes - less, peakBytes, buffers - 1);
        }
    }

    /// Enters an allocation.
    synchronized void allocated(String purpose, long size) {
        accounts.merge(purpose, new Account(purpose, size, size, 1), (old, _) -> old.add(size));
        bytes += size;
        peakBytes = Math.max(peakBytes, bytes);
    }

    /// Enters that an allocation was freed.
    synchronized void freed(String purpose, long size) {
        Account account = accounts.get(purpose);
        if (account == null || account.bytes() < size || account.buffers() == 0) {
            throw new IllegalStateException("more was freed than allocated for " + purpose);
        }
        accounts.put(purpose, account.remove(size));
        bytes -= size;
    }

    /// Bytes held now.
    public synchronized long bytes() {
        return bytes;
    }

    /// The most bytes that were held at once.
    public synchronized long peakBytes() {
        return peakBytes;
    }

    /// Every purpose that memory was taken for, the largest peak first.
    public synchronized List<Account> accounts() {
        return accounts.values().stream()
                .sorted(Comparator.comparingLong(Account::peakBytes).reversed().thenComparing(Account::purpose))
                .toList();
    }

    /// What is still held, in one line, `nothing` where all was freed.
    public synchronized String outstanding() {
        String held = accounts().stream().filter(account -> account.buffers() > 0)
                .map(account -> account.purpose() + ": " + Unit.BYTES.format((double) account.bytes()) + " in "
                        + account.buffers() + (account.buffers() == 1 ? " buffer" : " buffers"))
                .collect(Collectors.joining(", "));
        return held.isEmpty() ? "nothing" : held;
    }
}
