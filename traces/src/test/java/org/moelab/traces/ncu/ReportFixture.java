package org.moelab.traces.ncu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.moelab.traces.ncu.proto.BlockHeader;
import org.moelab.traces.ncu.proto.FileHeader;
import org.moelab.traces.ncu.proto.Metric;
import org.moelab.traces.ncu.proto.MetricInstance;
import org.moelab.traces.ncu.proto.ProfileResult;
import org.moelab.traces.ncu.proto.Source;
import org.moelab.traces.ncu.proto.StringTable;
import org.moelab.traces.ncu.proto.Value;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;

/// Writes small report files as Nsight Compute lays them out.
final class ReportFixture {
    /// Stands in the session's environment, which is to show up nowhere.
    static final String SECRET = "TOKEN=do-not-show";

    private static final int ENVIRONMENT_FIELD = 9;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    ReportFixture() {
        file.writeBytes(ReportReader.MAGIC);
        part(FileHeader.newBuilder().setVersion(7).build().toByteArray());
    }

    /// A block with these entries; the header's counts and sizes are set to fit.
    ReportFixture block(BlockHeader.Builder header, List<Source> sources, List<ProfileResult> results) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        sources.forEach(s -> part(payload, s.toByteArray()));
        results.forEach(r -> part(payload, r.toByteArray()));
        part(header.setNumSources(sources.size()).setNumResults(results.size()).setPayloadSize(payload.size()).build()
                .toByteArray());
        file.writeBytes(payload.toByteArray());
        return this;
    }

    /// A block that holds nothing but strings.
    ReportFixture strings(String... strings) {
        return block(BlockHeader.newBuilder().setStringTable(table(strings)), List.of(), List.of());
    }

    static StringTable table(String... strings) {
        return StringTable.newBuilder().addAllStrings(List.of(strings)).build();
    }

    /// A block whose session details carry an environment beside these.
    ReportFixture session(Message details) {
        ByteArrayOutputStream session = new ByteArrayOutputStream();
        session.writeBytes(details.toByteArray());
        field(session, ENVIRONMENT_FIELD, SECRET.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        field(header, BlockHeader.SESSION_FIELD_NUMBER, session.toByteArray());
        part(header.toByteArray());
        return this;
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        try {
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            coded.writeByteArray(number, content);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bytes as they are.
    ReportFixture raw(byte... bytes) {
        file.writeBytes(bytes);
        return this;
    }

    /// A part: its length and its bytes.
    ReportFixture part(byte[] bytes) {
        part(file, bytes);
        return this;
    }

    /// Only a part's length.
    ReportFixture length(int length) {
        file.writeBytes(littleEndian(length));
        return this;
    }

    private static void part(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(littleEndian(bytes.length));
        out.writeBytes(bytes);
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    byte[] bytes() {
        return file.toByteArray();
    }

    static Metric metric(int name, Value value) {
        return Metric.newBuilder().setNameId(name).setValue(value).build();
    }

    static Value real(double value) {
        return Value.newBuilder().setFloat64(value).build();
    }

    static Value whole(long value) {
        return Value.newBuilder().setUint64(value).build();
    }

    static Value text(String value) {
        return Value.newBuilder().setText(value).build();
    }

    static MetricInstance instance(Value correlation, Value value) {
        return MetricInstance.newBuilder().setCorrelation(correlation).setValue(value).build();
    }
}
