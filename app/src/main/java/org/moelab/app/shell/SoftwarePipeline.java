package org.moelab.app.shell;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

import org.moelab.gpu.host.Host;

/// Whether JavaFX need not try to paint by graphics hardware: it loads OpenGL, with a compiler of its own where that is
/// Mesa's, only to find that the machine has none and to paint by the processor after all.
final class SoftwarePipeline {
    /// JavaFX's own property; a person's choice stays.
    private static final String ORDER = "prism.order";
    /// What drivers make: DRM, Nvidia's own, that of Windows' Linux.
    private static final List<String> DEVICES = List.of("/dev/dri", "/dev/nvidiactl", "/dev/dxg");
    /// A display of this machine; what paints for another's is not known here.
    private static final Pattern OWN_DISPLAY = Pattern.compile("(unix)?(/unix)?:\\d+(\\.\\d+)?");

    private SoftwarePipeline() {
    }

    /// Has JavaFX paint by the processor at once where that is how it would end. Before the toolkit starts.
    static void chooseWithoutGraphics(Host host) {
        if (System.getProperty(ORDER) == null && lacksGraphics(host)) {
            System.setProperty(ORDER, "sw");
        }
    }

    /// Whether the display is this machine's and the machine has no graphics device.
    static boolean lacksGraphics(Host host) {
        return Files.isDirectory(host.path("/proc/self")) // Linux: elsewhere devices have other names
                && host.variable("DISPLAY").filter(name -> OWN_DISPLAY.matcher(name).matches()).isPresent()
                && DEVICES.stream().noneMatch(device -> Files.exists(host.path(device)));
    }
}
