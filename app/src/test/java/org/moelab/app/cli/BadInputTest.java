package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.moelab.app.cli.CommandLineInterface.FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files that are no recordings, through the commands that a user types.
final class BadInputTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    /// A file that no importer can make anything of.
    enum Bad {
        EMPTY {
            @Override
            void write(Path file) throws IOException {
                Files.createFile(file);
            }
        },
        RANDOM {
            @Override
            void write(Path file) throws IOException {
                byte[] bytes = new byte[MEGABYTE];
                new Random(7).nextBytes(bytes);
                Files.write(file, bytes);
            }
        },
        TEXT {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "Dear diary,\n\"today\" {nothing} [happened].\n".repeat(1000));
            }
        },
        DIRECTORY {
            @Override
            void write(Path file) throws IOException {
                Files.createDirectory(file);
            }
        },
        MISSING {
            @Override
            void write(Path file) {
                // that is the point
            }
        },
        GZIP_OF_NOTHING {
            @Override
            void write(Path file) throws IOException {
                gzip(file, new byte[0], 0);
            }
        },
        GZIP_CUT_IN_ITS_HEADER {
            @Override
            void write(Path file) throws IOException {
                Files.write(file, new byte[] { 0x1F, (byte) 0x8B, 8, 0, 0 });
            }
        },
        GZIP_DAMAGED {
            @Override
            void write(Path file) throws IOException {
                gzip(file, "{\"traceEvents\":[".getBytes(StandardCharsets.UTF_8), 1);
                byte[] packed = Files.readAllBytes(file);
                Arrays.fill(packed, 10, packed.length - 8, (byte) 0xFF);
                Files.write(file, packed);
            }
        },
        GZIP_BOMB {
            @Override
            void write(Path file) throws IOException {
                gzip(file, new byte[MEGABYTE], 64);
            }
        },
        JSON_OF_ANOTHER_KIND {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "{\"name\": \"moelab\", \"version\": [1, 2, 3]}");
            }
        },
        JSON_DEEP {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "{\"traceEvents\":" + "[".repeat(MEGABYTE));
            }
        },
        SQLITE_OF_ANOTHER_PROGRAM {
            @Override
            void write(Path file) throws IOException {
                try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                        Statement statement = database.createStatement()) {
                    statement.executeUpdate("CREATE TABLE recipe (name TEXT, minutes INTEGER)");
                    statement.executeUpdate("INSERT INTO recipe VALUES ('soup', 40)");
                } catch (SQLException e) {
                    throw new IOException(e);
                }
            }
        },
        SQLITE_CUT {
            @Override
            void write(Path file) throws IOException {
                Files.write(file, Arrays.copyOf("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII), 100));
            }
        },
        NSIGHT_COMPUTE_THAT_CLAIMS_2_GB {
            @Override
            void write(Path file) throws IOException {
                Files.write(file, new byte[] { 'N', 'V', 'R', 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 1, 2 });
            }
        };

        abstract void write(Path file) throws IOException;

        private static void gzip(Path file, byte[] block, int times) throws IOException {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                for (int i = 0; i < times; i++) {
                    out.write(block);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void info_badFile_isOneLineThatNamesIt(Bad bad) throws IOException {
        Path file = folder.resolve("input");
        bad.write(file);

        assertFailsInOneLine(Run.of("info", file), file);
    }

    @ParameterizedTest
    @EnumSource
    void stats_badFile_isOneLineThatNamesItAndLeavesNothing(Bad bad) throws IOException {
        Path file = folder.resolve("input");
        bad.write(file);
        Path output = Files.createDirectory(folder.resolve("output"));

        assertFailsInOneLine(Run.of("stats", file, "--report", "gpu_kernels,ncu_kernels", "-o",
                output), file);
        assertThat(Run.filesIn(output)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void convert_badFile_isOneLineThatNamesItAndKeepsWhatWasThere(Bad bad) throws IOException {
        Path file = folder.resolve("input");
        bad.write(file);
        Path output = Files.createDirectory(folder.resolve("output"));
        Files.writeString(output.resolve("trace.json"), "of yesterday");

        assertFailsInOneLine(Run.of("convert", file, "-o", output.resolve("trace.json")), file);
        assertThat(Run.filesIn(output)).containsExactly("trace.json");
        assertThat(output.resolve("trace.json")).hasContent("of yesterday");
    }

    @Test
    void info_fileWithoutPermission_saysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("input"), "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this user may read every file");

        Run run = Run.of("info", file);

        assertFailsInOneLine(run, file);
        assertThat(run.err()).contains("permission denied");
    }

    @Test
    void info_verbose_showsWhere() {
        Run run = Run.of("info", folder.resolve("absent"), "--verbose");

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).hasSizeGreaterThan(1);
        assertThat(run.errLines().get(1)).contains("TraceReadException");
    }

    private static void assertFailsInOneLine(Run run, Path file) {
        assertThat(run.errLines()).singleElement().asString().startsWith("moelab: " + file + ": ");
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.out()).isEmpty();
    }

}
