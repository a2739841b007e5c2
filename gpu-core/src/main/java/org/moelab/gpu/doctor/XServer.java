package org.moelab.gpu.doctor;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.gpu.host.Host;

/// Whether the X server that `DISPLAY` names answers. Asked before a window opens, because JavaFX waits without end for one
/// that is silent. A refusal is an answer: JavaFX tells it by itself.
///
/// The greeting is that of the X Window System Protocol, chapter 8 "Connection Setup"; it carries the user's cookie, since
/// `ssh -X` complains on the user's terminal about one without.
final class XServer {
    private static final Pattern NAME = Pattern.compile("([^:/]*)(?:/unix)?:(\\d{1,5})(?:\\.\\d+)?");
    private static final String COOKIE = "MIT-MAGIC-COOKIE-1";
    private static final int FIRST_PORT = 6000;

    private final Host host;
    private final Duration patience;

    XServer(Host host, Duration patience) {
        this.host = host;
        this.patience = patience;
    }

    /// Why no window can open on a display; empty where its server answers, and where the name is of a kind not known here.
    ///
    /// @param display as in the variable `DISPLAY`
    Optional<String> obstacle(String display) {
        Matcher name = NAME.matcher(display);
        if (!name.matches()) {
            return Optional.empty();
        }
        String machine = name.group(1);
        int number = Integer.parseInt(name.group(2));
        if (!machine.isEmpty() && !machine.equals("unix")) {
            return number > 65_535 - FIRST_PORT
                    ? Optional.of("has no port")
                    : greet(() -> connecting(machine, FIRST_PORT + number), number);
        }
        Path socket = host.path("/tmp/.X11-unix/X" + number);
        return !Files.exists(socket) && isAbstract(number)
                ? Optional.empty()
                : greet(() -> {
                    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                    channel.connect(UnixDomainSocketAddress.of(socket));
                    channel.configureBlocking(false);
                    return channel;
                }, number);
    }

    /// Whether a server listens at a name that is no file, which Linux has and Java cannot connect to.
    private boolean isAbstract(int number) {
        try {
            return Files.readString(host.path("/proc/net/unix")).contains("@/tmp/.X11-unix/X" + number + "\n");
        } catch (IOException _) {
            return false; // a system without this file has no such names
        }
    }

    private interface Connection {
        SocketChannel open() throws IOException;
    }

    private static SocketChannel connecting(String machine, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(machine, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(machine);
        }
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        return channel;
    }

    private Optional<String> greet(Connection connection, int number) {
        try (SocketChannel channel = connection.open(); Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, channel.isConnected() ? 0 : SelectionKey.OP_CONNECT);
            if (!channel.isConnected()) {
                if (selector.select(patience.toMillis()) == 0) {
                    return Optional.of("does not answer");
                }
                channel.finishConnect();
            }
            channel.write(greeting(number));
            key.interestOps(SelectionKey.OP_READ);
            selector.selectedKeys().clear();
            return selector.select(patience.toMillis()) == 0 ? Optional.of("does not answer") : Optional.empty();
        } catch (IOException _) {
            return Optional.of("has no X server");
        }
    }

    private ByteBuffer greeting(int number) {
        byte[] cookie = cookie(number);
        byte[] name = cookie.length == 0 ? new byte[0] : COOKIE.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] { 'B', 0, 0, 11, 0, 0, 0, (byte) name.length, 0, (byte) cookie.length, 0, 0 });
        out.writeBytes(Arrays.copyOf(name, padded(name.length)));
        out.writeBytes(Arrays.copyOf(cookie, padded(cookie.length)));
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static int padded(int length) {
        return (length + 3) / 4 * 4;
    }

    /// The user's cookie for a display; empty where the user has none, or none that is short enough to be one.
    private byte[] cookie(int number) {
        Optional<Path> file = host.variable("XAUTHORITY")
                .or(() -> host.variable("HOME").map(home -> home + "/.Xauthority"))
                .map(host::path);
        if (file.isEmpty() || !Files.isRegularFile(file.get())) {
            return new byte[0];
        }
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file.get()))) {
            while (in.available() > 0) {
                in.readUnsignedShort(); // the kind of address
                field(in);
                String display = new String(field(in), StandardCharsets.US_ASCII);
                String scheme = new String(field(in), StandardCharsets.US_ASCII);
                byte[] data = field(in);
                if (scheme.equals(COOKIE) && data.length <= 127
                        && (display.isEmpty() || display.equals(Integer.toString(number)))) {
                    return data;
                }
            }
        } catch (IOException _) {
            return new byte[0]; // a damaged file holds no cookie
        }
        return new byte[0];
    }

    private static byte[] field(DataInputStream in) throws IOException {
        byte[] field = new byte[in.readUnsignedShort()];
        in.readFully(field);
        return field;
    }
}
