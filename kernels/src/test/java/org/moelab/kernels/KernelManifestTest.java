package org.moelab.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.moelab.kernels.KernelManifest.Binary;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.KernelManifest.Usage;

class KernelManifestTest {
    private static final KernelManifest MANIFEST = new KernelManifest(KernelManifest.VERSION, "", "nvcc 13.0",
            List.of(new Binary("sm_90a", "sm_90a.fatbin", 32048, "00ff"), new Binary("sm_80", "sm_80.fatbin", 1, "")),
            List.of(new Kernel("probe_copy", "probe", "sources/probe/copy.cu", "Copies.", List.of("ilp"),
                    List.of("ilp"), List.of("ilp"), List.of("hidden"),
                    "32 * count", "0", "bytes / bandwidth", 256, 8, List.of(new Usage("sm_90a", 24, 0, 0, 0, 0)))),
            List.of("sources/probe/copy.cu"));

    @Test
    void read_whatWasWritten_isTheSame() throws IOException {
        assertThat(KernelManifest.read(new ByteArrayInputStream(MANIFEST.toJson()))).isEqualTo(MANIFEST);
    }

    @Test
    void binaryFor_architecture_findsItsOwnCodeOnly() {
        assertThat(MANIFEST.binaryFor("sm_90")).map(Binary::resource).contains("sm_90a.fatbin");
        assertThat(MANIFEST.binaryFor("sm_80")).map(Binary::resource).contains("sm_80.fatbin");
        assertThat(MANIFEST.binaryFor("sm_100")).isEmpty();
        assertThat(MANIFEST.binaryFor("sm_9")).isEmpty();
    }

    @Test
    void read_unknownFieldOfALaterBuild_isPassedOver() throws IOException {
        String json = new String(MANIFEST.toJson(), StandardCharsets.UTF_8).replaceFirst("\\{", "{\"later\": 1,");

        assertThat(read(json)).isEqualTo(MANIFEST);
    }

    @Test
    void read_otherForm_isRefusedWithWhatHelps() {
        String json = new String(MANIFEST.toJson(), StandardCharsets.UTF_8);

        for (int form : new int[] { 1, 3, 5 }) {
            assertThatThrownBy(() -> read(json.replace("\"version\" : 4", "\"version\" : " + form)))
                    .isInstanceOf(IOException.class).hasMessage("the kernels' manifest is of form " + form
                            + ", this build reads form 4: ./mvnw package makes it anew");
        }
    }

    @Test
    void read_cutOffOrWithoutAField_isDamaged() {
        String json = new String(MANIFEST.toJson(), StandardCharsets.UTF_8);

        assertThatThrownBy(() -> read(json.substring(0, json.length() / 2))).isInstanceOf(IOException.class)
                .hasMessageStartingWith("the kernels' manifest is damaged: ");
        assertThatThrownBy(() -> read(json.replace("\"binaries\"", "\"other\""))).isInstanceOf(IOException.class)
                .hasMessageStartingWith("the kernels' manifest is damaged: ");
    }

    @Test
    void image_missingBinary_namesIt() {
        assertThatThrownBy(() -> MANIFEST.image(new Binary("sm_1", "sm_1.fatbin", 1, "")))
                .isInstanceOf(IOException.class).hasMessage("the kernels jar lacks sm_1.fatbin");
    }

    @Test
    void sourceTree_missingSource_namesIt() {
        KernelManifest manifest = new KernelManifest(KernelManifest.VERSION, "", "", List.of(), List.of(),
                List.of("sources/none.cu"));

        assertThatThrownBy(manifest::sourceTree).isInstanceOf(IOException.class)
                .hasMessage("the kernels jar lacks sources/none.cu");
    }

    private static KernelManifest read(String json) throws IOException {
        return KernelManifest.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
