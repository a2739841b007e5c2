package org.moelab.traces.nsys;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPOutputStream;

import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Small databases in the shape of Nsight Systems exports.
final class Capture {
    /// Process 77 with threads 77 and 78 on machine 1.
    static final long PROCESS = 1L << 48 | 77L << 24;
    static final long MAIN_THREAD = PROCESS | 77;
    static final long WORKER = PROCESS | 78;

    static final String STRINGS = """
            CREATE TABLE StringIds (id INTEGER NOT NULL PRIMARY KEY, value TEXT NOT NULL);
            INSERT INTO StringIds VALUES (0, '[Unknown]'), (1, 'cudaLaunchKernel_v7000'), (2, 'void gemm<128>(float *)'),
             (3, 'gemm'), (4, 'cudaGraphLaunch_v10000'), (5, 'worker'), (6, 'step'), (7, 'cudaDeviceSynchronize_v3020'),
             (8, 'cuMemcpyAsync'), (9, 'poll');
            """;
    static final String CALLS = """
            CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER, end INTEGER, eventClass INTEGER, globalTid INTEGER,
             correlationId INTEGER, nameId INTEGER, returnValue INTEGER, callchainId INTEGER);
            """;
    static final String KERNELS = """
            CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, end INTEGER, deviceId INTEGER, contextId INTEGER,
             streamId INTEGER, correlationId INTEGER, globalPid INTEGER, demangledName INTEGER, shortName INTEGER,
             gridX INTEGER, gridY INTEGER, gridZ INTEGER, blockX INTEGER, blockY INTEGER, blockZ INTEGER,
             registersPerThread INTEGER, staticSharedMemory INTEGER, dynamicSharedMemory INTEGER, graphNodeId INTEGER);
            """;
    static final String COPIES = """
            CREATE TABLE CUPTI_ACTIVITY_KIND_MEMCPY (start INTEGER, end INTEGER, deviceId INTEGER, contextId INTEGER,
             streamId INTEGER, correlationId INTEGER, globalPid INTEGER, bytes INTEGER, copyKind INTEGER);
            """;
    static final String NVTX = """
            CREATE TABLE NVTX_EVENTS (start INTEGER NOT NULL, end INTEGER, eventType INTEGER, text TEXT, globalTid INTEGER,
             endGlobalTid INTEGER, textId INTEGER, domainId INTEGER);
            """;

    private Capture() {
    }

    /// Makes a database of statements that end in a semicolon and a line break.
    static Path write(Path file, String... scripts) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : String.join("\n", scripts).split(";\\s*\n", -1)) {
                if (!sql.isBlank()) {
                    statement.executeUpdate(sql);
                }
            }
            connection.commit();
        }
        return file;
    }

    static String call(long start, long end, int eventClass, long globalTid, int correlation, int name) {
        return "INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (%d, %d, %d, %d, %d, %d, 0, NULL);\n".formatted(start,
                end,
                eventClass, globalTid, correlation, name);
    }

    static String kernel(long start, long end, int device, int stream, int correlation, long globalPid) {
        return "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (%d, %d, %d, 1, %d, %d, %d, 2, 3, 8, 1, 1, 128, 1, 1, 32, 16, 0, NULL);\n"
                .formatted(start, end, device, stream, correlation, globalPid);
    }

    /// A row of NVTX; `end`, `text`, `endGlobalTid` and `textId` as SQL writes them.
    static String nvtx(long start, String end, int type, String text, long globalTid, String endGlobalTid,
            String textId, int domain) {
        return "INSERT INTO NVTX_EVENTS VALUES (%d, %s, %d, %s, %d, %s, %s, %d);\n".formatted(start, end, type, text,
                globalTid, endGlobalTid, textId, domain);
    }

    static Trace open(Path file) throws TraceReadException {
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    /// Packs a file beside itself.
    static Path gzip(Path file) throws IOException {
        Path packed = file.resolveSibling(file.getFileName() + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(file, out);
        }
        return packed;
    }
}
