package org.moelab.gpu.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Where a GPU is attached to the host, for threads that work with it.
public sealed interface GpuPlace {
    /// The GPU is nearer to some of the processors that this process may use than to others.
    ///
    /// @param node the NUMA node
    /// @param cpus its processors, of those that this process may use
    record Near(int node, CpuSet cpus) implements GpuPlace {}

    /// It makes no difference on which processors threads run, or it is not known.
    ///
    /// @param why in a few words
    record Anywhere(String why) implements GpuPlace {}

    /// Asks the system.
    ///
    /// @param driverNode the node that the GPU's driver names, below 0 for none
    /// @param pciBusId the GPU's address, such as `0000:1B:00.0`
    /// @param allowed the processors that this process may use
    static GpuPlace of(Host host, int driverNode, String pciBusId, CpuSet allowed) {
        Map<Integer, CpuSet> nodes = nodes(host);
        if (nodes.size() < 2) {
            return new Anywhere("the host has one NUMA node");
        }
        int node = driverNode >= 0 ? driverNode : systemNode(host, pciBusId);
        CpuSet near = nodes.getOrDefault(node, CpuSet.parse(""));
        if (near.cpus().isEmpty()) {
            return new Anywhere("neither the driver nor the system says which processors are near the GPU");
        }
        CpuSet usable = near.and(allowed);
        if (usable.cpus().isEmpty()) {
            return new Anywhere("this process may use no processor of NUMA node " + node + ", where the GPU is");
        }
        if (usable.equals(allowed)) {
            return new Anywhere(
                    "this process may use the processors of NUMA node " + node + " only, where the GPU is");
        }
        return new Near(node, usable);
    }

    /// The nodes that have processors.
    private static Map<Integer, CpuSet> nodes(Host host) {
        Pattern name = Pattern.compile("node(\\d+)");
        Map<Integer, CpuSet> nodes = new TreeMap<>();
        for (Path folder : host.matching("/sys/devices/system/node/node*")) {
            var matcher = name.matcher(folder.getFileName().toString());
            String list = text(folder.resolve("cpulist"));
            if (matcher.matches() && !list.isEmpty()) {
                nodes.put(Integer.valueOf(matcher.group(1)), CpuSet.parse(list));
            }
        }
        return nodes;
    }

    private static int systemNode(Host host, String pciBusId) {
        String text = text(host.path("/sys/bus/pci/devices/" + pciBusId.toLowerCase(Locale.ROOT) + "/numa_node"));
        return text.matches("\\d+") ? Integer.parseInt(text) : -1;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return ""; // what the system does not show is not known
        }
    }
}
