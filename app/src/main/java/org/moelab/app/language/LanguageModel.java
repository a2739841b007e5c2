package org.moelab.app.language;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An endpoint that answers questions.
public final class LanguageModel {
    private static final long MOST_BYTES = 4 << 20;
    private static final long LOOK_MS = 100;
    private static final Duration CONNECT = Duration.ofSeconds(20);

    private final Endpoint endpoint;
    private final Duration timeout;
    private final Retries retries;
    private final BooleanSupplier cancelled;
    private final AtomicBoolean began = new AtomicBoolean();

    /// @param timeout for an answer, from the question on
    /// @param cancelled whether to give up
    public LanguageModel(Endpoint endpoint, Duration timeout, Retries retries, BooleanSupplier cancelled) {
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.retries = retries;
        this.cancelled = cancelled;
    }

    /// Asks, again where the endpoint is busy or cannot be reached; an answer that is late, or began, is not asked for twice.
    ///
    /// @throws LanguageModelException where there is no answer
    /// @throws CancellationException where it was given up
    public Answer ask(Question question) throws LanguageModelException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.address()).timeout(timeout)
                .header("Content-Type", "application/json").header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(endpoint.dialect().body(endpoint.model(), question)));
        endpoint.dialect().headers(endpoint.key()).forEach(request::header);
        // a redirect would carry the key elsewhere
        try (HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT).build()) {
            try {
                return ask(client, request.build());
            } finally {
                client.shutdownNow();
            }
        }
    }

    private Answer ask(HttpClient client, HttpRequest request) throws LanguageModelException {
        for (int attempt = 1;; attempt++) {
            Duration wait = retries.backOff(attempt, ThreadLocalRandom.current().nextDouble());
            LanguageModelException problem;
            try {
                HttpResponse<String> response = send(client, request);
                if (response.statusCode() == 200) {
                    return answer(response.body());
                }
                problem = refusal(response);
                if (!Retries.mayPass(response.statusCode())) {
                    throw problem;
                }
                Optional<Duration> asked = response.headers().firstValue("Retry-After")
                        .flatMap(v -> Retries.asked(v, Instant.now()));
                wait = asked.orElse(wait);
                if (wait.compareTo(retries.longest()) > 0) {
                    throw new LanguageModelException(
                            problem.getMessage() + "; it asks to wait " + wait.toSeconds() + " s");
                }
            } catch (HttpConnectTimeoutException e) {
                problem = unreachable(e);
            } catch (HttpTimeoutException e) {
                throw new LanguageModelException(
                        endpoint.place() + ": no answer within " + timeout.toSeconds() + " s", e);
            } catch (IOException e) {
                problem = unreachable(e);
                if (began.get() || Trouble.isTls(e)) {
                    throw problem;
                }
            }
            if (attempt == retries.attempts()) {
                throw problem;
            }
            pause(wait);
        }
    }

    private HttpResponse<String> send(HttpClient client, HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(request, info -> {
            began.set(info.statusCode() == 200);
            return BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES).apply(info);
        });
        // the client's own limit ends with the headers, and a body may drip for ever
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                try {
                    return response.get(LOOK_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException _) {
                    if (cancelled.getAsBoolean()) {
                        throw new CancellationException("cancelled");
                    }
                    if (System.nanoTime() - deadline > 0) {
                        throw new HttpTimeoutException("request timed out");
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            response.cancel(true);
        }
    }

    private void pause(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        try {
            while (System.nanoTime() < end) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled");
                }
                Thread.sleep(Math.clamp((end - System.nanoTime()) / 1_000_000, 1, LOOK_MS));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private Answer answer(String body) throws LanguageModelException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(body);
        } catch (JacksonException _) {
            throw new LanguageModelException(endpoint.place() + ": "
                    + (Trouble.isPage(body)
                            ? hidden(Trouble.of(body)) + "; is the address that of its API?"
                            : "the answer is no JSON"));
        }
        String text = endpoint.dialect().text(root).map(String::strip).filter(t -> !t.isEmpty())
                .orElseThrow(
                        () -> new LanguageModelException(endpoint.place() + ": the answer holds no text, as one of "
                                + endpoint.dialect().label() + "'s kind does" + after(": ", hidden(Trouble.of(body)))));
        return new Answer(hidden(text), hidden(root.path("model").asString(endpoint.model())), endpoint.host(),
                endpoint.dialect().cut(root));
    }

    /// What an endpoint said of the key itself is not repeated: some quote parts of it.
    private LanguageModelException refusal(HttpResponse<String> response) {
        int status = response.statusCode();
        String place = endpoint.place() + ": status " + status;
        if (status == 401 || status == 403) {
            return new LanguageModelException(place + ", " + endpoint.key().map(k -> k + " was refused")
                    .orElse("it wants a key: set " + ApiKey.ANY + " or " + endpoint.dialect().keyVariable()));
        }
        String what = switch (status) {
            case 404 -> ", nothing is at " + endpoint.address().getPath();
            case 429 -> ", too many requests";
            default -> status / 100 == 3 ? ", it leads elsewhere, and is not followed" : "";
        };
        return new LanguageModelException(place + what + after(": ", hidden(Trouble.of(response.body()))));
    }

    private static String after(String separator, String text) {
        return text.isEmpty() ? "" : separator + text;
    }

    private String hidden(String text) {
        return endpoint.key().map(k -> k.hiddenIn(text)).orElse(text);
    }

    private LanguageModelException unreachable(IOException problem) {
        return new LanguageModelException(endpoint.place()
                + (began.get() ? ": the answer broke off: " : ": cannot be reached: ") + hidden(Trouble.of(problem)),
                problem);
    }
}
