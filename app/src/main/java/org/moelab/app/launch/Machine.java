package org.moelab.app.launch;

import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What this machine says of its GPU.
///
/// @param state whether a GPU can be used
/// @param words what was found, or why nothing was, for people
/// @param freeBytes memory of the GPU that nobody holds; all of it where that is not told
public record Machine(State state, String words, Optional<Long> freeBytes) {
    /// Whether a GPU can be used.
    public enum State {
        /// The machine has not answered yet.
        ASKED,
        /// It has.
        GPU,
        /// There is none, or no driver.
        NONE,
        /// It cannot be told.
        UNKNOWN
    }

    /// Before the machine has answered.
    public static final Machine ASKED = new Machine(State.ASKED, "looking for a GPU …", Optional.empty());

    /// A machine that could not be asked.
    static Machine unknown(String why) {
        return new Machine(State.UNKNOWN, "it is not known whether there is a GPU: " + why, Optional.empty());
    }

    /// What `moelab doctor --json` says.
    static Machine parse(String doctor) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(doctor);
        } catch (JacksonException e) {
            return unknown("moelab doctor --json: " + e.getOriginalMessage());
        }
        String driver = "";
        for (JsonNode check : root.path("checks")) {
            String detail = check.path("detail").asString("");
            boolean absent = "absent".equals(check.path("status").asString(""));
            switch (check.path("id").asString("")) {
                case "driver" -> driver = absent ? detail : "";
                case "gpu" -> {
                    return absent ? none(driver.isEmpty() ? detail : driver) : gpu(check, detail);
                }
                default -> {
                }
            }
        }
        return unknown("moelab doctor --json names none");
    }

    private static Machine none(String why) {
        return new Machine(State.NONE, "no NVIDIA GPU was found (" + why + "): the CPU engine runs tiny",
                Optional.empty());
    }

    private static Machine gpu(JsonNode check, String detail) {
        String cost = check.path("cost").asString("");
        JsonNode figures = check.path("figures");
        JsonNode bytes = figures.path(figures.has("freeMemoryBytes") ? "freeMemoryBytes" : "memoryBytes").path("value");
        return new Machine(State.GPU, cost.isEmpty() ? detail : detail + "; " + cost,
                bytes.isNumber() ? Optional.of(bytes.asLong()) : Optional.empty());
    }
}
