package org.moelab.traces.roofline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A machine of the table `machines.json`, which names the source of every figure.
///
/// @param id the name on the command line
/// @param ceilings its roofs
/// @param memory what the device's memory is made of, such as `GDDR7`
/// @param devices patterns of the names that drivers give such a device
public record Machine(String id, Ceilings ceilings, String memory, List<Pattern> devices) {
    private static final List<Machine> ALL = read();

    public Machine {
        devices = List.copyOf(devices);
    }

    /// All machines of the table.
    public static List<Machine> all() {
        return ALL;
    }

    /// The machine of this id, in whatever case.
    public static Optional<Machine> ofId(String id) {
        return ALL.stream().filter(m -> m.id.equalsIgnoreCase(id)).findFirst();
    }

    /// The machine that a device of this name is, as drivers and profilers name devices.
    public static Optional<Machine> ofDevice(String deviceName) {
        return ALL.stream().filter(m -> m.devices.stream().anyMatch(p -> p.matcher(deviceName).matches())).findFirst();
    }

    /// What the memory of a machine is made of, by the name of the machine or of its device; `DRAM` where it is not in the table.
    static String memoryOf(String name) {
        return ALL.stream().filter(m -> m.ceilings.machine().equals(name)).findFirst().or(() -> ofDevice(name))
                .map(Machine::memory).orElse("DRAM");
    }

    private static List<Machine> read() {
        try (InputStream in = Machine.class.getResourceAsStream("machines.json")) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks machines.json");
            }
            List<Machine> machines = new ArrayList<>();
            for (JsonNode node : JsonMapper.shared().readTree(in).get("machines")) {
                machines.add(machine(node));
            }
            return List.copyOf(machines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Machine machine(JsonNode node) {
        Map<MemoryLevel, Ceiling> bandwidths = new EnumMap<>(MemoryLevel.class);
        node.get("bytes_per_second").forEachEntry(
                (id, figure) -> bandwidths.put(MemoryLevel.ofId(id).orElseThrow(), ceiling(figure)));
        Map<Precision, Ceiling> rates = new EnumMap<>(Precision.class);
        node.get("flop_per_second").forEachEntry(
                (id, figure) -> rates.put(Precision.ofId(id).orElseThrow(), ceiling(figure)));
        List<Pattern> devices = new ArrayList<>();
        node.get("devices").forEach(pattern -> devices.add(Pattern.compile(pattern.asString())));
        return new Machine(node.get("id").asString(),
                new Ceilings(node.get("name").asString(), bandwidths, rates), node.get("memory").asString(), devices);
    }

    private static Ceiling ceiling(JsonNode figure) {
        return new Ceiling(figure.get("value").asDouble(),
                Ceiling.Origin.valueOf(figure.get("origin").asString().toUpperCase(Locale.ROOT)),
                figure.get("source").asString(), figure.path("read_at").asStringOpt());
    }
}
