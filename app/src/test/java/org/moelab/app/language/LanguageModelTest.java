package org.moelab.app.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LanguageModelTest {
    private static final String KEY = "sk-made-up-0123456789";
    private static final Question QUESTION = new Question("answer shortly", "measured: \"5 ms\"\nfound: much");
    private static final Retries QUICK = new Retries(3, Duration.ofMillis(1), Duration.ofSeconds(2));

    private TestEndpoint server;

    @BeforeEach
    void start() throws IOException {
        server = new TestEndpoint();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String answer(Dialect dialect, String text) {
        String quoted = JsonMapper.shared().writeValueAsString(text);
        return switch (dialect) {
            case ANTHROPIC ->
                "{\"model\": \"m-1\", \"stop_reason\": \"end_turn\", \"content\": [{\"type\": \"text\", \"text\": "
                        + quoted + "}]}";
            case OPENAI ->
                "{\"model\": \"m-1\", \"choices\": [{\"finish_reason\": \"stop\", \"message\": {\"content\": "
                        + quoted + "}}]}";
        };
    }

    private LanguageModel model(Dialect dialect) throws LanguageModelException {
        return model(dialect, server.address(), Duration.ofSeconds(20));
    }

    private String place() {
        return server.address().replace("http://", "");
    }

    private static LanguageModel model(Dialect dialect, String address, Duration timeout)
            throws LanguageModelException {
        Endpoint endpoint = Endpoint.of(address, Optional.of(dialect), "m",
                d -> ApiKey.find(d, name -> name.equals(ApiKey.ANY) ? Optional.of(KEY) : Optional.empty()));
        return new LanguageModel(endpoint, timeout, QUICK, () -> false);
    }

    /// What went wrong, with all that a stack trace would show.
    private static String problem(LanguageModel model) {
        try {
            model.ask(QUESTION);
        } catch (LanguageModelException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            assertThat(trace.toString()).doesNotContain(KEY);
            assertThat(e.getMessage()).doesNotContain("\n");
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("it answered");
    }

    @Test
    void anthropic_question_isAsItsMessagesAre() throws LanguageModelException {
        server.then(200, answer(Dialect.ANTHROPIC, "do this"));

        Answer answer = model(Dialect.ANTHROPIC).ask(QUESTION);

        TestEndpoint.Received request = server.received().getFirst();
        JsonNode body = JsonMapper.shared().readTree(request.body());
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.headers().getFirst("x-api-key")).isEqualTo(KEY);
        assertThat(request.headers().getFirst("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(request.headers().containsKey("Authorization")).isFalse();
        assertThat(body.propertyNames()).containsExactlyInAnyOrder("model", "max_tokens", "system", "messages");
        assertThat(body.path("system").asString()).isEqualTo(QUESTION.instructions());
        assertThat(body.at("/messages/0/content").asString()).isEqualTo(QUESTION.summary());
        assertThat(request.body()).doesNotContain(KEY);
        assertThat(answer).isEqualTo(new Answer("do this", "m-1", "localhost", false));
        assertThat(answer.mark()).startsWith("Written by a language model, not measured");
    }

    @Test
    void openai_question_isAsItsChatsAre() throws LanguageModelException {
        server.then(200, answer(Dialect.OPENAI, "do that"));

        Answer answer = model(Dialect.OPENAI).ask(QUESTION);

        TestEndpoint.Received request = server.received().getFirst();
        JsonNode body = JsonMapper.shared().readTree(request.body());
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer " + KEY);
        assertThat(body.at("/messages/0/content").asString()).isEqualTo(QUESTION.instructions());
        assertThat(body.at("/messages/1/content").asString()).isEqualTo(QUESTION.summary());
        assertThat(request.body()).doesNotContain(KEY);
        assertThat(answer.text()).isEqualTo("do that");
    }

    @Test
    void answer_cutOff_saysSo() throws LanguageModelException {
        server.then(200, answer(Dialect.OPENAI, "do").replace("\"stop\"", "\"length\""));

        assertThat(model(Dialect.OPENAI).ask(QUESTION).mark()).contains("cut off");
    }

    @ParameterizedTest
    @ValueSource(ints = { 429, 500, 503, 529 })
    void busyEndpoint_isAskedAgain(int status) throws LanguageModelException {
        server.then(status, "").then(status, "no JSON").then(200, answer(Dialect.OPENAI, "at last"));

        assertThat(model(Dialect.OPENAI).ask(QUESTION).text()).isEqualTo("at last");
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void busyEndpoint_forEver_isGivenUp() throws LanguageModelException {
        server.then(429, "{\"error\": {\"message\": \"slow\\ndown, " + KEY + "\"}}");

        assertThat(problem(model(Dialect.OPENAI)))
                .isEqualTo(place() + ": status 429, too many requests: slow down, (key)");
        assertThat(server.received()).hasSize(QUICK.attempts());
    }

    @Test
    void retryAfter_withinReason_isWaitedFor() throws LanguageModelException {
        server.then(429, Map.of("Retry-After", "1"), "").then(200, answer(Dialect.OPENAI, "later"));
        long began = System.nanoTime();

        model(Dialect.OPENAI).ask(QUESTION);

        // the back-off alone is a millisecond: no bound on how long it takes, only on how soon it may be
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void retryAfter_beyondReason_isGivenUpAtOnce() throws LanguageModelException {
        server.then(429, Map.of("Retry-After", "3600"), "");

        assertThat(problem(model(Dialect.OPENAI)))
                .isEqualTo(place() + ": status 429, too many requests; it asks to wait 3600 s");
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = { 401, 403 })
    void refusedKey_isNamedByItsVariable_andNothingElseIsRepeated(int status) throws LanguageModelException {
        server.then(status, "{\"error\": {\"message\": \"wrong key sk-made-up-01****6789\"}}");

        assertThat(problem(model(Dialect.ANTHROPIC)))
                .isEqualTo(place() + ": status " + status + ", the key in MOELAB_LLM_KEY was refused");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void page_inPlaceOfAnAnswer_isSaidToBeOne() throws LanguageModelException {
        String page = "<!DOCTYPE html>\n<html><head><title>Sign\n in</title></head></html>";
        server.then(200, page).then(404, page.replace("Sign\n in", KEY));

        assertThat(problem(model(Dialect.OPENAI)))
                .isEqualTo(place() + ": an HTML page, no answer (Sign in); is the address that of its API?");
        assertThat(problem(model(Dialect.OPENAI))).isEqualTo(place()
                + ": status 404, nothing is at /v1/chat/completions: an HTML page, no answer ((key))");
        assertThat(server.received()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"error\": {\"message\": \"no such\\n model\"}}", "{\"error\": \"no such model\"}",
            "{\"object\": \"error\", \"message\": \"no such model\"}", "{\"detail\": \"no such model\"}" })
    void reason_whereverItIs_isTold(String body) throws LanguageModelException {
        server.then(200, body).then(422, body);

        assertThat(problem(model(Dialect.OPENAI))).isEqualTo(
                place() + ": the answer holds no text, as one of openai's kind does: no such model");
        assertThat(problem(model(Dialect.OPENAI))).isEqualTo(place() + ": status 422: no such model");
    }

    @Test
    void trouble_ofTheClient_isInWords() {
        IOException unknown = new ConnectException();
        unknown.initCause(new ConnectException().initCause(new UnresolvedAddressException()));
        assertThat(Trouble.of(unknown)).isEqualTo("no host of this name is known");
        assertThat(Trouble.of(new ConnectException()))
                .isEqualTo("the connection was refused, or there is no way to it");
        assertThat(Trouble.of(new HttpConnectTimeoutException("HTTP connect timed out")))
                .isEqualTo("no connection in time");
        assertThat(Trouble.of(new SSLHandshakeException("(certificate_unknown) PKIX path building failed: "
                + "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path")))
                .isEqualTo("its TLS certificate is not trusted here: unable to find valid certification path");
        assertThat(Trouble.of(new SSLException("Unrecognized SSL message, plaintext connection?")))
                .isEqualTo("it speaks no TLS there, try http");
        assertThat(Trouble.of(new IOException("HTTP/1.1 header parser received no bytes")))
                .isEqualTo("it closed the connection without an answer");
        assertThat(Trouble.of(new IOException())).isEqualTo("IOException");
    }

    @Test
    void badRequest_isNotAskedAgain() throws LanguageModelException {
        server.then(400, "{\"error\": {\"message\": \"no such model: m\"}}");

        assertThat(problem(model(Dialect.OPENAI))).isEqualTo(place() + ": status 400: no such model: m");
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void answer_malformed_isNone(Dialect dialect) throws LanguageModelException {
        for (String body : List.of("<html>", "", "[]", "{}", "{\"choices\": [], \"content\": 5}",
                answer(dialect, " "))) {
            try (TestEndpoint other = new TestEndpoint()) {
                other.then(200, body);
                assertThat(problem(model(dialect, other.address(), Duration.ofSeconds(20))))
                        .containsAnyOf("is no JSON", "an HTML page", "holds no text");
                assertThat(other.received()).hasSize(1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void answer_thatHoldsTheKey_doesNotShowIt() throws LanguageModelException {
        server.then(200, answer(Dialect.OPENAI, "your key is " + KEY));

        assertThat(model(Dialect.OPENAI).ask(QUESTION).text()).isEqualTo("your key is (key)");
    }

    @ParameterizedTest
    @ValueSource(ints = { TestEndpoint.NEVER, TestEndpoint.DRIP })
    void answer_thatDoesNotCome_isWaitedForOnce(int status) throws LanguageModelException {
        server.then(status, "{");

        assertThat(problem(model(Dialect.OPENAI, server.address(), Duration.ofSeconds(1))))
                .isEqualTo(place() + ": no answer within 1 s");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void redirect_isNotFollowed() throws LanguageModelException, IOException {
        try (TestEndpoint elsewhere = new TestEndpoint()) {
            elsewhere.then(200, answer(Dialect.OPENAI, "stolen"));
            server.then(302, Map.of("Location", elsewhere.address() + "/v1/chat/completions"), "");

            assertThat(problem(model(Dialect.OPENAI))).contains("status 302");
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void endpoint_thatIsNotThere_isOneLine() throws LanguageModelException, IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        assertThat(problem(model(Dialect.OPENAI, "http://localhost:" + port, Duration.ofSeconds(20))))
                .isEqualTo("localhost:" + port
                        + ": cannot be reached: the connection was refused, or there is no way to it");
    }

    @Test
    void answer_tooLong_isNotAskedAgain() throws LanguageModelException {
        server.then(200, answer(Dialect.OPENAI, "x".repeat(5 << 20)));

        assertThat(problem(model(Dialect.OPENAI))).contains("the answer broke off");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void cancelled_isGivenUp() throws LanguageModelException {
        server.then(TestEndpoint.NEVER, "");
        Endpoint endpoint = Endpoint.of(server.address(), Optional.empty(), "m", _ -> Optional.empty());
        LanguageModel model = new LanguageModel(endpoint, Duration.ofSeconds(60), QUICK,
                () -> !server.received().isEmpty());

        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> model.ask(QUESTION));
    }

    @Test
    void key_ofTheEnvironment_mustBeOne() {
        assertThatThrownBy(() -> ApiKey.find(Dialect.OPENAI, _ -> Optional.of("sk-1\nX-Evil: 1")))
                .hasMessageContaining("MOELAB_LLM_KEY").message().doesNotContain("sk-1");
    }

    @Test
    void key_ofTheLab_comesFirst() throws LanguageModelException {
        Map<String, String> all = Map.of("MOELAB_LLM_KEY", "a", "ANTHROPIC_API_KEY", "b", "OPENAI_API_KEY", "c");
        Map<String, String> blank = Map.of("MOELAB_LLM_KEY", " ", "ANTHROPIC_API_KEY", "b", "OPENAI_API_KEY", "c");

        assertThat(ApiKey.find(Dialect.ANTHROPIC, n -> Optional.ofNullable(all.get(n))).orElseThrow().value())
                .isEqualTo("a");
        assertThat(ApiKey.find(Dialect.ANTHROPIC, n -> Optional.ofNullable(blank.get(n))).orElseThrow().value())
                .isEqualTo("b");
        assertThat(ApiKey.find(Dialect.OPENAI, n -> Optional.ofNullable(blank.get(n))).orElseThrow().value())
                .isEqualTo("c");
        assertThat(ApiKey.find(Dialect.OPENAI, _ -> Optional.empty())).isEmpty();
    }

    @Test
    void key_inWords_isItsVariable() throws LanguageModelException {
        Endpoint endpoint = Endpoint.of("https://api.openai.com", Optional.empty(), "m",
                d -> ApiKey.find(d, _ -> Optional.of(KEY)));

        assertThat(endpoint.toString()).doesNotContain(KEY).contains("the key in MOELAB_LLM_KEY");
    }
}
