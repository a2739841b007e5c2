package org.moelab.traces.nsys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.moelab.traces.nsys.Capture.CALLS;
import static org.moelab.traces.nsys.Capture.KERNELS;
import static org.moelab.traces.nsys.Capture.MAIN_THREAD;
import static org.moelab.traces.nsys.Capture.PROCESS;
import static org.moelab.traces.nsys.Capture.STRINGS;
import static org.moelab.traces.nsys.Capture.call;
import static org.moelab.traces.nsys.Capture.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

class BadCaptureTest {
    private static final ImportMonitor CANCELLED = new ImportMonitor() {
        @Override
        public void update(double fraction, String phase) {
            // cancelled before the first word
        }

        @Override
        public boolean isCancelled() {
            return true;
        }
    };

    @TempDir
    private Path folder;

    @Test
    void read_anotherProgramsDatabase_isRefusedByItsTables() throws SQLException {
        Path file = Capture.write(folder.resolve("app.db"),
                "CREATE TABLE users (id INTEGER);\nCREATE TABLE orders (id INTEGER);\n");
        assertThatThrownBy(() -> Capture.open(file)).isInstanceOf(TraceReadException.class).hasMessage(file
                + ": a SQLite database of another program: expected tables of Nsight Systems, found tables orders, users");
    }

    @Test
    void read_nvprofDatabase_isRefusedByName() throws SQLException {
        Path file = Capture.write(folder.resolve("old.nvvp"),
                "CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (_id_ INTEGER);\nCREATE TABLE StringTable (_id_ INTEGER);\n");
        assertThatThrownBy(() -> Capture.open(file)).hasMessageContaining("nvprof");
    }

    @Test
    void read_captureWithoutEvents_isEmptyAndWarns() throws SQLException, TraceReadException {
        Trace trace = Capture.open(Capture.write(folder.resolve("empty.sqlite"), STRINGS, CALLS, KERNELS));
        assertThat(trace.size()).isZero();
        assertThat(trace.warnings()).extracting("code").containsExactly("no-events");
    }

    @Test
    void read_bytesBehindASqliteHeader_areRefusedInOneLine() throws IOException {
        byte[] bytes = new byte[8192];
        new Random(1).nextBytes(bytes);
        byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, bytes, 0, magic.length);
        Path file = Files.write(folder.resolve("random.sqlite"), bytes);
        assertThatThrownBy(() -> Capture.open(file)).isInstanceOf(TraceReadException.class)
                .hasMessageStartingWith(file.toString()).message().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0.0005, 0.005, 0.02, 0.1, 0.5, 0.9, 0.99 })
    void read_databaseCutOff_givesWhatIsThereWithAWarningOrOneLine(double share) throws IOException, SQLException {
        byte[] bytes = Files.readAllBytes(large());
        Path cut = Files.write(folder.resolve("cut.sqlite"), Arrays.copyOf(bytes, (int) (bytes.length * share)));
        try {
            Trace trace = Capture.open(cut);
            assertThat(trace.size()).isBetween(1, 19_999);
            assertThat(trace.warnings()).extracting("code").contains("truncated");
        } catch (TraceReadException e) {
            assertThat(e.getMessage()).startsWith(cut.toString()).doesNotContain("\n");
        }
        assertThat(beside(cut)).as("left behind").containsExactlyInAnyOrder("cut.sqlite", "large.sqlite");
    }

    @Test
    void read_databaseCutNearItsEnd_keepsMostEvents() throws IOException, SQLException, TraceReadException {
        byte[] bytes = Files.readAllBytes(large());
        Path cut = Files.write(folder.resolve("cut.sqlite"), Arrays.copyOf(bytes, (int) (bytes.length * 0.95)));
        assertThat(Capture.open(cut).size()).isGreaterThan(15_000);
    }

    @Test
    void read_packedDatabaseCutOff_isReadAsFarAsItUnpacks() throws IOException, SQLException, TraceReadException {
        Path packed = Capture.gzip(large());
        byte[] bytes = Files.readAllBytes(packed);
        Path cut = Files.write(folder.resolve("cut.sqlite.gz"), Arrays.copyOf(bytes, bytes.length * 9 / 10));
        assertThat(Capture.open(cut).warnings()).extracting("code").contains("truncated");
    }

    @Test
    void read_folderThatMayNotBeWritten_leavesNothingBeside() throws IOException, SQLException, TraceReadException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Path file = Capture.write(locked.resolve("capture.sqlite"), STRINGS, CALLS, call(1, 2, 0, MAIN_THREAD, 5, 1));
        file = Files.move(file, locked.resolve("capture #1 50%?.sqlite"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertThat(Capture.open(file).size()).isEqualTo(1);
            assertThat(beside(file)).containsExactly("capture #1 50%?.sqlite");
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void read_packedDatabaseOverTheLimit_isRefusedAndItsCopyDeleted() throws IOException, SQLException {
        Path packed = Capture.gzip(large());
        List<String> before = copies();
        assertThatThrownBy(() -> Recordings.open(packed, new ImportOptions(10_000), ImportMonitor.NONE))
                .hasMessageContaining("more than 10000 bytes");
        assertThat(copies()).isEqualTo(before);
    }

    @Test
    void read_packedDatabase_deletesItsCopy() throws IOException, SQLException, TraceReadException {
        Path packed = Capture.gzip(large());
        List<String> before = copies();
        assertThat(Capture.open(packed).size()).isEqualTo(20_000);
        assertThat(copies()).isEqualTo(before);
    }

    @Test
    void read_cancelled_stops() throws SQLException {
        Path file = large();
        assertThatThrownBy(() -> Recordings.open(file, ImportOptions.DEFAULT, CANCELLED))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void details_fileChangedMeanwhile_areRefused() throws SQLException, IOException, TraceReadException {
        Path file = Capture.write(folder.resolve("capture.sqlite"), STRINGS, KERNELS,
                kernel(10, 20, 0, 7, 5, PROCESS));
        Trace trace = Capture.open(file);
        Files.delete(file);
        Capture.write(file, STRINGS, KERNELS, kernel(11, 20, 0, 7, 5, PROCESS));
        assertThatThrownBy(() -> new NsysImporter().details(trace, 0)).hasMessageContaining("has changed");
    }

    @Test
    void details_packedCapture_unpackOnceAndAgainAfterAChange() throws SQLException, IOException, TraceReadException {
        Path packed = Capture.gzip(large());
        Trace trace = Capture.open(packed);
        List<String> before = copies();
        NsysImporter importer = new NsysImporter();
        assertThat(importer.details(trace, 3)).containsEntry("correlationId", "4");
        List<String> kept = copies();
        assertThat(importer.details(trace, 5)).containsEntry("correlationId", "6");
        assertThat(copies()).as("the same copy").isEqualTo(kept).hasSizeLessThanOrEqualTo(before.size() + 1);
        Files.delete(packed);
        assertThatThrownBy(() -> importer.details(trace, 3)).hasMessageContaining("no such file");
        assertThat(copies()).as("the copy of a file that is gone").doesNotContainAnyElementsOf(kept);
    }

    @Test
    void read_reportWithoutNsys_namesTheCommandToRun() throws IOException {
        Path report = report();
        assertThatThrownBy(() -> read(report, Optional.empty())).hasMessageContaining("nsys was not found")
                .hasMessageEndingWith(
                        "nsys export --type sqlite --output " + folder.resolve("run.sqlite") + " " + report);
    }

    @Test
    void read_reportWithNsys_opensWhatItExports() throws IOException, SQLException, TraceReadException {
        Path exported = Capture.write(folder.resolve("exported.sqlite"), STRINGS, CALLS,
                call(1, 2, 0, MAIN_THREAD, 5, 1));
        List<String> before = copies();
        Trace trace = read(report(), Optional.of(script("cp '" + exported + "' \"$7\"")));
        assertThat(trace.size()).isEqualTo(1);
        assertThat(trace.info().files()).containsExactly(folder.resolve("run.nsys-rep"));
        assertThat(copies()).isEqualTo(before);
    }

    @Test
    void read_reportThatNsysRefuses_tellsItsLastLine() throws IOException {
        NsysTool tool = script("echo Importing...; echo The report is too new.; exit 3");
        assertThatThrownBy(() -> read(report(), Optional.of(tool)))
                .hasMessageEndingWith("export failed (exit 3): The report is too new.");
    }

    @Test
    void find_variableThenPathThenFolders() throws IOException {
        Path onPath = executable("bin/nsys");
        Path old = executable("opt/nvidia/nsight-systems/2024.1.1/bin/nsys");
        Path current = executable("opt/nvidia/nsight-systems/2025.3.2/bin/nsys");
        Path compute = executable("opt/nvidia/nsight-compute/2026.1/host/target-linux-x64/nsys");
        String path = "/nowhere:" + onPath.getParent();
        List<Path> roots = List.of(folder.resolve("opt"));
        assertThat(NsysTool.find(Map.of("NSYS", old.toString(), "PATH", path), roots)).contains(new NsysTool(old));
        assertThat(NsysTool.find(Map.of("PATH", path), roots)).contains(new NsysTool(onPath));
        assertThat(NsysTool.find(Map.of(), roots)).contains(new NsysTool(current));
        Files.delete(current);
        Files.delete(old);
        assertThat(NsysTool.find(Map.of(), roots)).contains(new NsysTool(compute));
        assertThat(NsysTool.find(Map.of(), List.of(folder.resolve("nothing")))).isEmpty();
    }

    private static Trace read(Path file, Optional<NsysTool> nsys) throws TraceReadException {
        return new NsysImporter(() -> nsys).read(Recordings.probe(file), ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    /// 20,000 calls.
    private Path large() throws SQLException {
        return Capture.write(folder.resolve("large.sqlite"), STRINGS, CALLS, """
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
                 INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME
                 SELECT i * 100, i * 100 + 50, 0, %d, i + 1, 1, 0, NULL FROM n;
                """.formatted(MAIN_THREAD));
    }

    private Path report() throws IOException {
        return Files.writeString(folder.resolve("run.nsys-rep"), "NVIDIA Tegra Profiler Report 36398880.\n");
    }

    private NsysTool script(String body) throws IOException {
        Path script = executable("tool");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        return new NsysTool(script);
    }

    private Path executable(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private static List<String> beside(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    /// The folders of unpacked copies that this process has now.
    private static List<String> copies() throws IOException {
        String mine = "moelab-nsys-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(mine)).sorted()
                    .toList();
        }
    }
}
