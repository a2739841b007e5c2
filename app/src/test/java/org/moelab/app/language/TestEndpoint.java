package org.moelab.app.language;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/// A server on this machine that answers as it is told, in order; the last answer is given for ever.
public final class TestEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    /// @param status NEVER for no answer, DRIP for headers and then nothing
    private record Reply(int status, Map<String, String> headers, String body) {}

    /// A request that came.
    public record Received(String path, Headers headers, String body) {}

    static final int NEVER = -1;
    static final int DRIP = -2;

    public TestEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /// Gives this answer next.
    public TestEndpoint then(int status, String body) {
        return then(status, Map.of(), body);
    }

    TestEndpoint then(int status, Map<String, String> headers, String body) {
        replies.add(new Reply(status, headers, body));
        return this;
    }

    /// Its address without a path.
    public String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /// What came, in order.
    public List<Received> received() {
        return received;
    }

    private void answer(HttpExchange exchange) throws IOException {
        Reply reply;
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
            synchronized (replies) {
                reply = replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
            }
            if (reply.status == NEVER) {
                await();
                return;
            }
            reply.headers.forEach(exchange.getResponseHeaders()::add);
            byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status == DRIP ? 200 : reply.status,
                    reply.status == DRIP ? bytes.length + 1 : bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
                out.flush();
                if (reply.status == DRIP) {
                    await();
                }
            }
        }
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
