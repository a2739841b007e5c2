package org.moelab.gpu.kernels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.moelab.kernels.SourceTree;
import org.moelab.kernels.Variant;

/// Row-wise operations as one kernel, whose source is composed of what the lab's headers say of each (`common/rows.cuh`): a
/// block a row, whose numbers its threads hold from one operation to the next. Its parameters are those of the operations'
/// kernels, one after the other; those that are sizes are constants in it, and what the launch passes for them is not read.
///
/// @param operations the kernels that it stands for, in their order
/// @param sizes the model's sizes by name, `hidden` among them; those that the operations do not name play no part
/// @param threads of a block
public record FusedGroup(List<String> operations, SortedMap<String, Integer> sizes, int threads) {
    /// The technique that makes such kernels.
    public static final String TECHNIQUE = "fused-groups";

    private static final String FOLDER = "fused/";
    private static final String BETWEEN = "__then__";
    private static final String WIDTH = "hidden";
    private static final String THREADS = "threads";
    /// Threads of a multiprocessor for which there are to be registers: 64 each.
    private static final int RESIDENT_THREADS = 1024;
    private static final Pattern OPERATION = Pattern
            .compile("(?m)^/// @row (\\w+)\\h*\\n(?:template.*\\n)?struct (\\w+) \\{\\n((?:\\h+[^\\n(]+;\\n)+)");
    private static final Pattern FIELD = Pattern.compile("((?:const )?\\w+\\*?) (\\w+);");

    public FusedGroup {
        operations = List.copyOf(operations);
        sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
        if (operations.size() < 2 || !sizes.containsKey(WIDTH)) {
            throw new IllegalArgumentException("a group of " + operations + " with " + sizes);
        }
    }

    /// What a header says of an operation.
    ///
    /// @param header its path among the sources
    /// @param type the struct
    /// @param fields the types of its fields by their names, in order
    private record Part(String header, String type, List<Field> fields) {}

    private record Field(String type, String name) {
        boolean isPointer() {
            return type.endsWith("*");
        }
    }

    /// The name that the group has without its sizes: `combine_experts__then__rms_norm`.
    public static String name(List<String> operations) {
        return String.join(BETWEEN, operations);
    }

    /// Where it stands among the sources.
    String path() {
        return FOLDER + name(operations) + ".cu";
    }

    /// Its constants; they are part of its name.
    Variant variant(SourceTree sources) {
        SortedMap<String, Integer> constants = new TreeMap<>(sizes);
        constants.keySet().retainAll(sources.sizes(path()));
        constants.put(THREADS, threads);
        return new Variant(List.of(), List.of(), constants);
    }

    /// The sources with the group's own.
    ///
    /// @throws IllegalArgumentException where no header says what one of the operations does
    SourceTree into(SourceTree sources) {
        Map<String, String> files = new HashMap<>(sources.files());
        files.put(path(), text(parts(sources)));
        return new SourceTree(files);
    }

    private List<Part> parts(SourceTree sources) {
        Map<String, Part> known = new HashMap<>();
        sources.files().forEach((path, text) -> {
            Matcher matcher = OPERATION.matcher(text);
            while (matcher.find()) {
                known.put(matcher.group(1), new Part(path, matcher.group(2), fields(matcher.group(3))));
            }
        });
        return operations.stream().map(operation -> {
            Part part = known.get(operation);
            if (part == null) {
                throw new IllegalArgumentException("no header says what " + operation + " does to a row");
            }
            return part;
        }).toList();
    }

    private static List<Field> fields(String struct) {
        return FIELD.matcher(struct).results().map(FusedGroup::field).toList();
    }

    private static Field field(MatchResult match) {
        return new Field(match.group(1), match.group(2));
    }

    private String text(List<Part> parts) {
        List<String> parameters = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        List<String> constants = new ArrayList<>(List.of(constant(WIDTH), constant(THREADS)));
        for (int p = 0; p < parts.size(); p++) {
            List<String> values = new ArrayList<>();
            for (Field field : parts.get(p).fields) {
                String parameter = field.name + "_" + p;
                parameters.add(field.type + " " + parameter);
                boolean size = field.type.equals("int") && sizes.containsKey(field.name);
                if (size) {
                    constants.add(constant(field.name));
                }
                // behind the wait a compiler must not know that an address was there before it
                values.add(size ? constant(field.name) : field.isPointer() ? "given(" + parameter + ")" : parameter);
            }
            calls.add("        " + parts.get(p).type + "{" + String.join(", ", values) + "}");
        }
        return "// " + String.join(", then ", operations) + ".\n"
                + constants.stream().distinct().map(FusedGroup::declaration).collect(Collectors.joining())
                + includes(parts) + """

                        extern "C" __global__ void __launch_bounds__(SIZE_THREADS, %d) KERNEL_NAME(%s)(
                            %s) {
                            __shared__ float scratch[kWarpSize];
                            wait_for_previous();
                            let_next_begin();
                            row_group<SIZE_HIDDEN, SIZE_THREADS>(scratch,
                        %s);
                        }
                        """.formatted(Math.max(1, RESIDENT_THREADS / threads), name(operations),
                        String.join(",\n    ", parameters), String.join(",\n", calls));
    }

    private static String includes(List<Part> parts) {
        return List.of("common/dependent.cuh", "common/kernel.cuh", "common/rows.cuh").stream()
                .map(FusedGroup::include).collect(Collectors.joining())
                + parts.stream().map(Part::header).distinct().map(FusedGroup::include)
                        .collect(Collectors.joining());
    }

    private static String include(String header) {
        return "#include \"" + header + "\"\n";
    }

    /// As every source declares the sizes that it takes.
    private static String declaration(String constant) {
        return "#ifndef " + constant + "\n#define " + constant + " 0\n#endif\n";
    }

    private static String constant(String size) {
        return "SIZE_" + size.toUpperCase(Locale.ROOT);
    }
}
