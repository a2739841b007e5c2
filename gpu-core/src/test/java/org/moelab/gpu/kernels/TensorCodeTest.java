package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.host.Host;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.KernelManifest.Usage;

/// The machine code of the kernels for sm_100a, which no chip here runs: the instructions that they are written for are there,
/// each in the kernel that is to have it. Runs where the kernels were built and `nvdisasm` is found (in `NVDISASM`, on the
/// path, or in a CUDA toolkit), and is skipped elsewhere.
class TensorCodeTest {
    private static final String ARCHITECTURE = "sm_100a";
    private static final Path BUILT = Path.of("../kernels/target/cuda", ARCHITECTURE);
    private static final Pattern KERNEL = Pattern.compile("^\\.section\\s+\\.text\\.(\\w+)");
    private static final Pattern INSTRUCTION = Pattern
            .compile("/\\*[0-9a-f]{4,}\\*/\\s+(?:@!?U?P\\w+\\s+)?([A-Z][A-Z0-9_]*(?:\\.\\w+)*)");
    /// What the kernels are about: products, scales and columns of tensor memory, tensor and bulk copies.
    private static final List<String> KEY = List.of("UTCHMMA", "UTCOMMA", "UTCCP", "UTCBAR", "LDTM", "UTMALDG",
            "UBLKCP");

    private static final Map<String, Map<String, Integer>> CODE = new TreeMap<>();

    @BeforeAll
    static void disassemble() throws IOException {
        Path tool = tool().orElseGet(() -> abort("nvdisasm was not found"));
        List<Path> cubins = List.of(BUILT.resolve("gemm/dense_tcgen05.cubin"),
                BUILT.resolve("moe/expert_grouped_nvfp4.cubin"));
        for (Path cubin : cubins) {
            if (!Files.exists(cubin)) {
                abort("the kernels have not been built for " + ARCHITECTURE);
            }
            Process process = new ProcessBuilder(tool.toString(), "-c", cubin.toString()).redirectErrorStream(true)
                    .start();
            count(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        table().forEach(IO::println);
    }

    @ParameterizedTest
    @CsvSource({ "dense_tcgen05_float, UTCHMMA, UTMALDG.2D, UTCBAR",
            "dense_tcgen05_residual, UTCHMMA, UTMALDG.2D, UTCBAR",
            "dense_tcgen05_pair_float, UTCHMMA.2CTA, UTMALDG.2D.2CTA, UTCBAR.2CTA.MULTICAST",
            "dense_tcgen05_pair_residual, UTCHMMA.2CTA, UTMALDG.2D.2CTA, UTCBAR.2CTA.MULTICAST" })
    void dense_onTensorMemory_hasItsProductsCopiesAndArrivals(String kernel, String product, String copy,
            String arrival) {
        assertThat(code(kernel)).containsKeys(product, copy, arrival, "LDTM.x32")
                .satisfies(code -> assertThat(code.get(product)).as("a stage of 64 in steps of 16")
                        .matches(count -> count % 4 == 0));
        boolean pair = kernel.contains("pair");
        assertThat(code(kernel).keySet())
                .filteredOn(name -> name.startsWith("UTC") && !name.startsWith("UTCATOMSWS"))
                .allMatch(name -> name.contains(".2CTA") == pair);
    }

    @ParameterizedTest
    @CsvSource({ "expert_grouped_nvfp4, UTCOMMA.4X", "expert_grouped_mxfp4_blocks, UTCOMMA" })
    void experts_inFourBits_haveScaledProductsAndCopiesOfScales(String kernel, String product) {
        assertThat(code(kernel)).containsKeys(product, "UTMALDG.2D", "UBLKCP.S.G", "UTCBAR", "LDTM.x32");
        assertThat(total(kernel, "UTCCP")).isPositive();
        assertThat(code(kernel).keySet()).filteredOn(name -> name.startsWith("UTCOMMA")).containsExactly(product);
    }

    @Test
    void kernels_forTensorMemory_doNotSpill() throws IOException {
        assertThat(CODE).hasSize(6);
        for (String name : CODE.keySet()) {
            assertThat(usage(name)).as(name).hasValueSatisfying(usage -> {
                assertThat(usage.spillStoreBytes() + usage.spillLoadBytes() + usage.stackBytes()).isZero();
                assertThat(usage.registers()).isPositive();
            });
            assertThat(code(name)).as(name).doesNotContainKeys("LDL", "STL");
        }
    }

    /// A line a kernel, as the documentation has it.
    private static List<String> table() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Map<String, Integer>> kernel : CODE.entrySet()) {
            StringBuilder line = new StringBuilder("| `" + kernel.getKey() + "` | "
                    + usage(kernel.getKey()).map(usage -> Integer.toString(usage.registers())).orElse("not built")
                    + " |");
            kernel.getValue().forEach((name, count) -> {
                if (KEY.stream().anyMatch(name::startsWith)) {
                    line.append(" ").append(count).append(" ").append(name).append(",");
                }
            });
            lines.add(line.deleteCharAt(line.length() - 1) + " |");
        }
        return lines;
    }

    private static void count(String listing) {
        String kernel = "";
        for (String line : listing.lines().toList()) {
            Matcher section = KERNEL.matcher(line.strip());
            if (section.find()) {
                kernel = section.group(1).startsWith("__") ? "" : section.group(1); // the compiler's own functions
            }
            Matcher instruction = INSTRUCTION.matcher(line);
            if (!kernel.isEmpty() && instruction.find()) {
                CODE.computeIfAbsent(kernel, _ -> new TreeMap<>()).merge(instruction.group(1), 1, Integer::sum);
            }
        }
    }

    private static Map<String, Integer> code(String kernel) {
        return CODE.getOrDefault(kernel, Map.of());
    }

    private static int total(String kernel, String prefix) {
        return code(kernel).entrySet().stream().filter(e -> e.getKey().startsWith(prefix))
                .mapToInt(Map.Entry::getValue).sum();
    }

    private static Optional<Usage> usage(String kernel) throws IOException {
        return KernelManifest.load().kernel(kernel).map(Kernel::usage).stream().flatMap(List::stream)
                .filter(usage -> usage.architecture().equals(ARCHITECTURE)).findFirst();
    }

    private static Optional<Path> tool() {
        Host host = Host.current();
        List<Path> places = new ArrayList<>();
        host.variable("NVDISASM").map(Path::of).ifPresent(places::add);
        host.foldersIn("PATH").forEach(folder -> places.add(folder.resolve("nvdisasm")));
        host.variable("CUDA_HOME").ifPresent(home -> places.add(Path.of(home, "bin", "nvdisasm")));
        places.add(Path.of("/usr/local/cuda/bin/nvdisasm"));
        return places.stream().filter(Files::isExecutable).findFirst();
    }
}
