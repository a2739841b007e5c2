package org.moelab.app.timeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;

/// Tells recordings apart by what they hold, so that one is known again where its file was moved or renamed.
final class TraceIdentity {
    private static final int SAMPLES = 64;
    private static final int BYTES = 12;

    private TraceIdentity() {
    }

    /// A digest of a trace's format, size, times and tracks, and of some of its events. Takes the same time for any size.
    static String of(Trace trace) {
        MessageDigest digest = sha256();
        put(digest, trace.info().format().name());
        put(digest, trace.size());
        put(digest, trace.startNs());
        put(digest, trace.endNs());
        put(digest, trace.info().epochNs().orElse(0));
        for (Track track : trace.tracks()) {
            put(digest, track.name());
        }
        for (int i = 0; i < Math.min(SAMPLES, trace.size()); i++) {
            int event = (int) ((long) i * trace.size() / Math.min(SAMPLES, trace.size()));
            put(digest, trace.start(event));
            put(digest, trace.duration(event));
            put(digest, trace.name(event));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    private static void put(MessageDigest digest, long figure) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(figure).flip());
    }

    private static void put(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(digest, bytes.length);
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
