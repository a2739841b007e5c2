package org.moelab.app.language;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// When to ask again.
///
/// @param attempts how often at most
/// @param first the wait after the first, doubled after each
/// @param longest the longest wait that is worth it; an endpoint that asks for more is given up
public record Retries(int attempts, Duration first, Duration longest) {
    /// What is usual.
    public static final Retries USUAL = new Retries(4, Duration.ofSeconds(1), Duration.ofSeconds(60));

    /// Whether a status means that the same may succeed later: too many requests, or the server's own trouble.
    static boolean mayPass(int status) {
        return status == 429 || status >= 500;
    }

    /// The wait after so many attempts, up to a fifth longer, so that many who wait do not come back at once.
    ///
    /// @param chance 0 to 1
    Duration backOff(int attempt, double chance) {
        return Duration.ofMillis(Math.round(first.toMillis() * Math.pow(2, attempt - 1) * (1 + chance / 5)));
    }

    /// What a server asks for: seconds, or a date as HTTP has it (RFC 9110, 10.2.3); empty where it is neither.
    static Optional<Duration> asked(String retryAfter, Instant now) {
        String text = retryAfter.strip();
        try {
            if (text.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            Duration until = Duration.between(now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
