package org.moelab.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a build of the kernels holds: the binaries, one an architecture, and the kernels in them.
///
/// @param version of this file's form
/// @param absent why there are no binaries, empty where there are some
/// @param compiler what compiled them, empty where nothing did
/// @param binaries one for each architecture
/// @param kernels every kernel that the sources describe, ordered by name
/// @param sources the sources and headers, as resources beside the manifest, for compiling at first use
public record KernelManifest(int version, String absent, String compiler, List<Binary> binaries, List<Kernel> kernels,
        List<String> sources) {
    /// The form that this build writes and reads. Form 1 did not tell which techniques a kernel can leave out,
    /// form 2 not which it leaves out unless asked, form 3 not which sizes it takes as constants.
    public static final int VERSION = 4;
    /// The manifest's name, as a resource beside this class.
    public static final String RESOURCE = "manifest.json";

    private static final String SOURCES = "sources/";

    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();

    /// The kernels of one architecture, compiled and linked.
    ///
    /// @param architecture such as `sm_90a`
    /// @param resource the fatbin's name, beside the manifest
    /// @param bytes its size
    /// @param sha256 its checksum, in hexadecimal
    public record Binary(String architecture, String resource, long bytes, String sha256) {}

    /// One kernel.
    ///
    /// @param name the name under which it is loaded
    /// @param operation the folder of its source: what part of a model it computes
    /// @param source its source, as a path among the sources
    /// @param summary what it does
    /// @param techniques the techniques that it applies, by id
    /// @param switches the techniques that its source can leave out, by id, in order; none for most
    /// @param additions those of its switches that the build leaves out, by id, in order
    /// @param sizes the sizes of a model that its source takes as constants, by name, in order
    /// @param bytes the bytes that it moves to and from device memory, as a formula of its parameters
    /// @param flops its floating-point operations, likewise
    /// @param floor what bounds its time
    /// @param maxThreads the most threads of a block that it is compiled for, 0 where it does not say
    /// @param minBlocks the blocks that a multiprocessor shall hold at once, 0 where it does not say
    /// @param usage what it needs on each architecture that it was compiled for
    public record Kernel(String name, String operation, String source, String summary, List<String> techniques,
            List<String> switches, List<String> additions, List<String> sizes, String bytes, String flops,
            String floor, int maxThreads, int minBlocks, List<Usage> usage) {
        public Kernel {
            techniques = List.copyOf(techniques);
            switches = List.copyOf(switches);
            additions = List.copyOf(additions);
            sizes = List.copyOf(sizes);
            usage = List.copyOf(usage);
        }
    }

    /// What a kernel needs on one architecture, as the assembler reports it.
    ///
    /// @param registers of each thread
    /// @param staticSharedBytes shared memory of each block that the kernel declares
    /// @param stackBytes local memory of each thread
    /// @param spillStoreBytes stores for want of registers, of each thread
    /// @param spillLoadBytes loads for want of registers, of each thread
    public record Usage(String architecture, int registers, int staticSharedBytes, int stackBytes, int spillStoreBytes,
            int spillLoadBytes) {}

    public KernelManifest {
        binaries = List.copyOf(binaries);
        kernels = List.copyOf(kernels);
        sources = List.copyOf(sources);
    }

    /// The binary that runs on an architecture such as `sm_90`. Code for `sm_90a` runs there and nowhere else.
    public Optional<Binary> binaryFor(String architecture) {
        return binaries.stream().filter(binary -> binary.architecture().equals(architecture)
                || binary.architecture().equals(architecture + "a")).findFirst();
    }

    /// The kernel of a name.
    public Optional<Kernel> kernel(String name) {
        return kernels.stream().filter(kernel -> kernel.name().equals(name)).findFirst();
    }

    /// The manifest of the kernels jar on the class path; one that says so where the kernels were never built.
    ///
    /// @throws IOException where it is damaged or of another form
    public static KernelManifest load() throws IOException {
        try (InputStream in = KernelManifest.class.getResourceAsStream(RESOURCE)) {
            return in == null ? none("the kernels have not been built: ./mvnw package does it") : read(in);
        }
    }

    /// A binary of the kernels jar on the class path.
    ///
    /// @throws IOException where it is missing or damaged
    public byte[] image(Binary binary) throws IOException {
        try (InputStream in = KernelManifest.class.getResourceAsStream(binary.resource())) {
            if (in == null) {
                throw new IOException("the kernels jar lacks " + binary.resource());
            }
            byte[] image = in.readAllBytes();
            if (!sha256(image).equals(binary.sha256())) {
                throw new IOException("the kernels jar's " + binary.resource() + " is damaged");
            }
            return image;
        }
    }

    /// The sources and headers of the kernels jar on the class path, for compiling at first use.
    ///
    /// @throws IOException where one is missing
    public SourceTree sourceTree() throws IOException {
        Map<String, String> files = new HashMap<>();
        for (String resource : sources) {
            try (InputStream in = KernelManifest.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IOException("the kernels jar lacks " + resource);
                }
                files.put(pathOf(resource), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return new SourceTree(files);
    }

    /// The path of a source among the sources, from its name as a resource.
    public static String pathOf(String resource) {
        return resource.startsWith(SOURCES) ? resource.substring(SOURCES.length()) : resource;
    }

    /// The name of a source as a resource, from its path among the sources.
    public static String resourceOf(String path) {
        return SOURCES + path;
    }

    /// The checksum by which a binary is known, in hexadecimal.
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// A manifest of no kernels.
    public static KernelManifest none(String reason) {
        return new KernelManifest(VERSION, reason, "", List.of(), List.of(), List.of());
    }

    /// Reads a manifest.
    ///
    /// @throws IOException where it is damaged or of another form
    public static KernelManifest read(InputStream in) throws IOException {
        try {
            JsonNode json = JSON.readTree(in);
            int version = json.path("version").asInt(VERSION);
            if (version != VERSION) {
                throw new IOException("the kernels' manifest is of form " + version + ", this build reads form "
                        + VERSION + ": ./mvnw package makes it anew");
            }
            return JSON.treeToValue(json, KernelManifest.class);
        } catch (JacksonException e) {
            throw new IOException("the kernels' manifest is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /// The manifest as a file's content.
    public byte[] toJson() {
        return JSON.writeValueAsBytes(this);
    }
}
