package org.moelab.gpu.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.host.FakeMachine;

class XServerTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path root;

    private ServerSocketChannel listen(int number) throws IOException {
        Path socket = Files.createDirectories(root.resolve("tmp/.X11-unix")).resolve("X" + number);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return server;
    }

    private FakeMachine machine() {
        return new FakeMachine(root).variable("HOME", "/home/me");
    }

    /// Reads a greeting of `length` bytes and refuses it as a server does.
    private static CompletableFuture<byte[]> refuseOne(ServerSocketChannel server, int length) {
        return CompletableFuture.supplyAsync(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer greeting = ByteBuffer.allocate(length);
                while (greeting.hasRemaining() && client.read(greeting) >= 0) {
                    // until all is there
                }
                client.write(ByteBuffer.wrap(new byte[8]));
                return greeting.array();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void obstacle_serverThatRefuses_isNoneAsItAnswers() throws IOException {
        try (ServerSocketChannel server = listen(7)) {
            CompletableFuture<byte[]> greeting = refuseOne(server, 12);

            assertThat(new XServer(machine().host(), LONG).obstacle(":7.0")).isEmpty();

            assertThat(greeting.join()).startsWith('B', 0, 0, 11).hasSize(12);
        }
    }

    @Test
    void obstacle_userWithCookie_sendsTheOneOfTheDisplay() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String[] field : new String[][] { { "there", "3", "MIT-MAGIC-COOKIE-1", "otherotherother!" },
                    { "here", "7", "MIT-MAGIC-COOKIE-1", "0123456789abcdef" } }) {
                out.writeShort(256);
                for (String part : field) {
                    out.writeShort(part.length());
                    out.writeBytes(part);
                }
            }
        }
        FakeMachine machine = machine().file("/home/me/.Xauthority", bytes.toString(StandardCharsets.ISO_8859_1));
        try (ServerSocketChannel server = listen(7)) {
            CompletableFuture<byte[]> greeting = refuseOne(server, 12 + 20 + 16);

            assertThat(new XServer(machine.host(), LONG).obstacle(":7")).isEmpty();

            assertThat(new String(greeting.join(), StandardCharsets.ISO_8859_1)).contains("MIT-MAGIC-COOKIE-1")
                    .endsWith("0123456789abcdef");
        }
    }

    @Test
    void obstacle_serverThatIsSilent_isTold() throws IOException {
        try (ServerSocketChannel server = listen(7)) {
            assertThat(server.isOpen()).isTrue();

            assertThat(new XServer(machine().host(), Duration.ofMillis(50)).obstacle("unix:7"))
                    .contains("does not answer");
        }
    }

    @Test
    void obstacle_noServer_isTold() throws IOException {
        assertThat(new XServer(machine().host(), LONG).obstacle(":7")).contains("has no X server");

        int port;
        try (ServerSocketChannel free = ServerSocketChannel.open()) {
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = ((InetSocketAddress) free.getLocalAddress()).getPort();
        }
        assertThat(new XServer(machine().host(), LONG).obstacle("localhost:" + (port - 6000)))
                .contains("has no X server");
    }

    @Test
    void obstacle_serverAtANameThatIsNoFile_isNone() throws IOException {
        FakeMachine machine = machine().file("/proc/net/unix", "0: 2 0 10000 1 1 33 @/tmp/.X11-unix/X7\n");

        assertThat(new XServer(machine.host(), LONG).obstacle(":7")).isEmpty();
        assertThat(new XServer(machine.host(), LONG).obstacle(":8")).contains("has no X server");
    }

    @Test
    void obstacle_nameOfAnotherKind_isLeftToJavaFx() {
        assertThat(new XServer(machine().host(), LONG).obstacle("/private/tmp/x/org.xquartz:0")).isEmpty();
    }
}
