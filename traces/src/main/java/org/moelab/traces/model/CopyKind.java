package org.moelab.traces.model;

import java.util.Locale;

/// Directions of copies by CUPTI's numbers, the values of [AttributeKey#COPY_KIND].
public enum CopyKind {
    UNKNOWN(0, ""), HOST_TO_DEVICE(1, "HtoD"), DEVICE_TO_HOST(2, "DtoH"), HOST_TO_ARRAY(3, "HtoA"), ARRAY_TO_HOST(4,
            "AtoH"), ARRAY_TO_ARRAY(5, "AtoA"), ARRAY_TO_DEVICE(6, "AtoD"), DEVICE_TO_ARRAY(7,
                    "DtoA"), DEVICE_TO_DEVICE(8,
                            "DtoD"), HOST_TO_HOST(9, "HtoH"), PEER_TO_PEER(10, "PtoP"), UNIFIED_HOST_TO_DEVICE(11,
                                    "HtoD"), UNIFIED_DEVICE_TO_HOST(12, "DtoH"), UNIFIED_DEVICE_TO_DEVICE(13, "DtoD");

    private static final CopyKind[] VALUES = values();

    private final int number;
    private final String direction;

    CopyKind(int number, String direction) {
        this.number = number;
        this.direction = direction;
    }

    /// The kind of a number, [#UNKNOWN] for numbers that CUPTI does not document.
    public static CopyKind of(long number) {
        return number >= 0 && number < VALUES.length ? VALUES[(int) number] : UNKNOWN;
    }

    /// The kind that the name of a copy tells, such as `Memcpy HtoD (Pageable -> Device)` or `CopyHostToDevice`;
    /// [#UNKNOWN] where it tells none.
    public static CopyKind ofName(String name) {
        for (CopyKind kind : VALUES) {
            boolean told = name.contains(kind.direction) || name.contains(kind.words().replace("-to-", "To"));
            if (kind != UNKNOWN && !kind.isUnified() && told) {
                return kind;
            }
        }
        return UNKNOWN;
    }

    /// CUPTI's number.
    public int number() {
        return number;
    }

    /// Short form of the direction, such as `HtoD`; empty where unknown.
    public String direction() {
        return direction;
    }

    /// The direction in words, such as `Host-to-Device`; empty where unknown.
    public String words() {
        String name = (isUnified() ? name().substring("UNIFIED_".length()) : name()).toLowerCase(Locale.ROOT);
        if (direction.isEmpty()) {
            return "";
        }
        String[] parts = name.split("_", -1);
        return capital(parts[0]) + "-to-" + capital(parts[2]);
    }

    /// Whether the driver moved pages of unified memory, rather than the program asking for a copy.
    public boolean isUnified() {
        return number >= 11;
    }

    /// What such a copy is called on a timeline: `Memcpy HtoD`, `Unified memory HtoD`.
    public String title() {
        return ((isUnified() ? "Unified memory " : "Memcpy ") + direction).strip();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
