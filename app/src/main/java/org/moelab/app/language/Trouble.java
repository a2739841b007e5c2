package org.moelab.app.language;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What went wrong between here and an endpoint, in words: the client's own are often none, or the name of a class.
final class Trouble {
    private static final int MOST_QUOTED = 200;
    private static final Pattern TITLE = Pattern.compile("<(?:title|h1)[^>]*>([^<]+)</", Pattern.CASE_INSENSITIVE);

    private Trouble() {
    }

    /// Why there is no connection.
    static String of(IOException problem) {
        if (isWithin(problem, UnresolvedAddressException.class) || isWithin(problem, UnknownHostException.class)) {
            return "no host of this name is known";
        }
        if (problem instanceof HttpConnectTimeoutException) {
            return "no connection in time";
        }
        String message = line(Optional.ofNullable(problem.getMessage()).orElse(""));
        if (isTls(problem)) {
            return message.contains("certificate") || message.contains("PKIX")
                    ? "its TLS certificate is not trusted here: " + message.replaceFirst(".*Exception: ", "")
                    : message.contains("plaintext") ? "it speaks no TLS there, try http" : "TLS failed: " + message;
        }
        if (problem instanceof ConnectException) {
            return message.isEmpty() ? "the connection was refused, or there is no way to it" : message;
        }
        return message.contains("received no bytes")
                ? "it closed the connection without an answer"
                : message.isEmpty() ? problem.getClass().getSimpleName() : message;
    }

    /// Whether it is one that the next attempt would meet again.
    static boolean isTls(IOException problem) {
        return isWithin(problem, SSLException.class);
    }

    private static boolean isWithin(Throwable problem, Class<? extends Throwable> kind) {
        return Stream.iterate(Optional.of(problem), Optional::isPresent, p -> p.map(Throwable::getCause)).limit(9)
                .anyMatch(p -> p.filter(kind::isInstance).isPresent());
    }

    /// What a body that is no answer says of the reason, in a line; empty where it says nothing.
    static String of(String body) {
        if (isPage(body)) {
            Matcher title = TITLE.matcher(body);
            return "an HTML page, no answer" + (title.find() ? " (" + line(title.group(1)) + ")" : "");
        }
        try {
            JsonNode root = JsonMapper.shared().readTree(body);
            return Stream.of(root.at("/error/message"), root.path("error"), root.path("message"), root.path("detail"))
                    .filter(JsonNode::isString).map(node -> line(node.asString())).findFirst().orElse("");
        } catch (JacksonException _) {
            return "";
        }
    }

    /// Whether a proxy, or whatever else is at the address, answered.
    static boolean isPage(String body) {
        return body.stripLeading().startsWith("<");
    }

    private static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > MOST_QUOTED ? line.substring(0, MOST_QUOTED) + "…" : line;
    }
}
