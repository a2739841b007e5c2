package org.moelab.gpu.bench;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/// What is wrong with a file of JSON that people keep, and where in it.
public final class ReportJson {
    private static final String ABSENT = " is missing";
    /// What Jackson says to those who write programs, and what of it is for those who have a file.
    private static final Pattern REFUSED = Pattern.compile("^Cannot construct instance of `[^`]*`, problem: (.*)");
    private static final Pattern FOR_PARSERS = Pattern
            .compile(": enable `.*| \\(for Object starting at .*| \\(set `Deserial.*|, from `StreamRead[^)]*");

    private ReportJson() {
    }

    /// A file's bytes.
    ///
    /// @throws IOException where it cannot be read; it names the file, which streams do not
    public static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /// The moment that a file tells, ISO 8601 with the offset; empty where a person wrote something else.
    public static Optional<Instant> moment(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// The number of a file's form.
    ///
    /// @param name the file's
    /// @param first the oldest form that is read
    /// @param last the newest
    /// @throws IOException where the file is of another form, or of none; the message names it
    public static int form(JsonNode root, String name, int first, int last) throws IOException {
        JsonNode version = root.path("version");
        if (!version.isInt()) {
            throw new IOException(name + ": holds no object with a whole number as its version");
        }
        if (version.intValue() < first || version.intValue() > last) {
            throw new IOException(name + ": form " + version.intValue() + ", expected "
                    + (first == last ? "" : first + " to ") + last
                    + (version.intValue() > last ? "; a newer build wrote it" : ""));
        }
        return version.intValue();
    }

    /// Requires that every number is one: `1e400` is read as infinite.
    ///
    /// @throws IOException where one is not; the message names the file and the place in it
    public static void requireFinite(JsonNode root, String name) throws IOException {
        requireFinite(root, name, "");
    }

    private static void requireFinite(JsonNode node, String name, String place) throws IOException {
        if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
            throw new IOException(name + ": " + place + " is no finite number");
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            requireFinite(member.getValue(), name, place.isEmpty() ? member.getKey() : place + "." + member.getKey());
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            requireFinite(node.path(i), name, place + "[" + i + "]");
        }
    }

    /// What Jackson has to say, and the place that it is about, in one line.
    public static String describe(JacksonException problem) {
        String message = message(problem);
        String place = place(problem);
        if (message.equals(ABSENT)) {
            return place + message;
        }
        TokenStreamLocation at = problem.getLocation();
        if (!place.isEmpty()) {
            return place + ": " + message;
        }
        return at == null || at.getLineNr() < 1
                ? message
                : message + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static String message(JacksonException problem) {
        String message = Objects.requireNonNullElse(problem.getOriginalMessage(), problem.getClass().getSimpleName())
                .lines().findFirst().orElse("");
        if (message.startsWith("Null value for creator property ")) {
            return ABSENT;
        }
        Matcher refused = REFUSED.matcher(message);
        if (refused.find()) {
            return Stream.<Throwable>iterate(problem, Objects::nonNull, Throwable::getCause)
                    .anyMatch(NullPointerException.class::isInstance) ? "null in a list" : refused.group(1);
        }
        return FOR_PARSERS.matcher(message).replaceFirst("");
    }

    private static String place(JacksonException problem) {
        StringBuilder place = new StringBuilder();
        for (JacksonException.Reference step : problem.getPath()) {
            if (step.getPropertyName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return place.toString();
    }
}
