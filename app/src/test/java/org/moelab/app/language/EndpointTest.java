package org.moelab.app.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
    private static final Endpoint.KeySource KEY = d -> ApiKey.find(d, _ -> Optional.of("sk-made-up"));
    private static final Endpoint.KeySource NO_KEY = _ -> Optional.empty();

    @ParameterizedTest
    @CsvSource({ "https://api.anthropic.com, ANTHROPIC, https://api.anthropic.com/v1/messages",
            "https://api.anthropic.com/v1/, ANTHROPIC, https://api.anthropic.com/v1/messages",
            "https://proxy.example/x/v1/messages, ANTHROPIC, https://proxy.example/x/v1/messages",
            "https://api.openai.com/v1, OPENAI, https://api.openai.com/v1/chat/completions",
            "http://localhost:8000, OPENAI, http://localhost:8000/v1/chat/completions",
            "http://localhost:8000/v1/chat/completions, OPENAI, http://localhost:8000/v1/chat/completions" })
    void address_tellsTheDialectAndIsCompleted(String text, Dialect dialect, String address)
            throws LanguageModelException {
        Endpoint endpoint = Endpoint.of(text, Optional.empty(), "m", KEY);

        assertThat(endpoint.dialect()).isEqualTo(dialect);
        assertThat(endpoint.address()).hasToString(address);
    }

    @Test
    void dialect_thatIsNamed_isSpoken() throws LanguageModelException {
        assertThat(Endpoint.of("http://localhost:1", Optional.of(Dialect.ANTHROPIC), "m", NO_KEY).address())
                .hasToString("http://localhost:1/v1/messages");
    }

    @ParameterizedTest
    @ValueSource(strings = { "localhost:8000", "ftp://host", "https://", "nothing at all", "https:///v1",
            "http://localhost:99999", "" })
    void text_thatIsNoAddress_isRefused(String text) {
        assertThatThrownBy(() -> Endpoint.of(text, Optional.empty(), "m", KEY))
                .hasMessage("the endpoint is no address: expected https://HOST");
    }

    @Test
    void key_overPlainHttp_isNotSentAway() {
        assertThatThrownBy(() -> Endpoint.of("http://example.org", Optional.empty(), "m", KEY))
                .hasMessage("example.org: a key goes over https only, and this address is http");
    }

    @Test
    void key_missing_isNamedWithTheVariables() {
        assertThatThrownBy(() -> Endpoint.of("https://api.openai.com", Optional.empty(), "m", NO_KEY))
                .hasMessage("no key for api.openai.com: neither MOELAB_LLM_KEY nor OPENAI_API_KEY is set");
    }

    @ParameterizedTest
    @ValueSource(strings = { "https://user:secret@example.org", "https://example.org/v1?key=secret" })
    void address_withASecret_isRefusedAndNotRepeated(String text) {
        assertThatThrownBy(() -> Endpoint.of(text, Optional.empty(), "m", KEY))
                .isInstanceOf(LanguageModelException.class).message().doesNotContain("secret");
    }

    @Test
    void retryAfter_isSecondsOrADate() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(Retries.asked(" 12 ", now)).contains(Duration.ofSeconds(12));
        assertThat(Retries.asked("Thu, 1 Jan 2026 00:00:30 GMT", now)).contains(Duration.ofSeconds(30));
        assertThat(Retries.asked("Wed, 31 Dec 2025 00:00:30 GMT", now)).contains(Duration.ZERO);
        assertThat(Retries.asked("soon", now)).isEmpty();
        assertThat(Retries.asked("-1", now)).isEmpty();
    }

    @Test
    void backOff_doubles() {
        Retries retries = new Retries(4, Duration.ofSeconds(1), Duration.ofSeconds(60));

        assertThat(retries.backOff(1, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(retries.backOff(3, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(retries.backOff(3, 1)).isEqualTo(Duration.ofMillis(4800));
    }
}
