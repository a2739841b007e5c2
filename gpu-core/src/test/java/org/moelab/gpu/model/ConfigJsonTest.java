package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonTest {
    private static final String SIZES = """
            "num_hidden_layers": 24, "hidden_size": 2880, "intermediate_size": 2880, "vocab_size": 201088,
            "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64, "sliding_window": 128,
            "swiglu_limit": 7.0,""";
    private static final String TRANSFORMERS = """
            "model_type": "gpt_oss", "num_local_experts": 32, "num_experts_per_tok": 4, "rms_norm_eps": 1e-05,
            "max_position_embeddings": 131072, "eos_token_id": 200002,""";
    private static final String YARN = """
            "rope_type": "yarn", "factor": 32.0, "original_max_position_embeddings": 4096, "beta_fast": 32.0,
            "beta_slow": 1.0, "truncate": false""";
    private static final String VERSION_4 = "{" + SIZES + TRANSFORMERS
            + "\"rope_theta\": 150000, \"rope_scaling\": {" + YARN + "}}";

    @TempDir
    Path folder;

    @Test
    void read_transformers4_isGptOss20b() throws Exception {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [200002, 199999]}");

        assertThat(read(VERSION_4)).isEqualTo(MoeConfig.gptOss20b());
    }

    @Test
    void read_transformers5_isTheSame() throws Exception {
        MoeConfig config = read(
                "{" + SIZES + TRANSFORMERS + "\"rope_parameters\": {\"rope_theta\": 150000, " + YARN + "}}");

        assertThat(config.rope()).isEqualTo(MoeConfig.gptOss20b().rope());
        assertThat(config.endTokens()).containsExactly(200_002);
    }

    @Test
    void read_generationConfigurationWithoutEndTokens_takesThoseOfTheConfiguration() throws Exception {
        Files.writeString(folder.resolve("generation_config.json"), "{\"do_sample\": false}");

        assertThat(read(VERSION_4).endTokens()).containsExactly(200_002);
    }

    @Test
    void read_openAisOwn_isTheSame() throws Exception {
        MoeConfig config = read("{" + SIZES + """
                "num_experts": 32, "experts_per_token": 4, "rope_theta": 150000, "rope_scaling_factor": 32.0,
                "initial_context_length": 4096, "rope_ntk_alpha": 1, "rope_ntk_beta": 32}""");

        assertThat(config).usingRecursiveComparison().ignoringFields("endTokens").isEqualTo(MoeConfig.gptOss20b());
        assertThat(config.endTokens()).isEmpty();
    }

    @Test
    void read_layerTypes_overrideTheAlternation() throws Exception {
        MoeConfig config = read(VERSION_4.replace("\"num_hidden_layers\": 24,",
                "\"num_hidden_layers\": 3, \"layer_types\": [\"full_attention\", \"sliding_attention\", \"full_attention\"],"));

        assertThat(config.sliding()).isEqualTo(List.of(false, true, false));
    }

    @Test
    void read_whatIsLeftOut_isWhatTransformersTakes() throws Exception {
        MoeConfig config = read(VERSION_4.replace("\"head_dim\": 64, \"sliding_window\": 128,",
                "\"head_dim\": null, \"sliding_window\": null, \"num_hidden_layers\": 1, \"layer_types\": [\"full_attention\"],")
                .replace("\"num_hidden_layers\": 24, \"hidden_size\": 2880", "\"hidden_size\": 2816")
                .replace("\"rms_norm_eps\": 1e-05,", ""));

        assertThat(config.headSize()).isEqualTo(44);
        assertThat(config.window(0)).isZero();
        assertThat(config.epsilon()).isEqualTo(1e-5f);
    }

    @Test
    void read_whatWasWritten_isTheSame() throws Exception {
        Files.write(folder.resolve("config.json"), ConfigJson.write(MoeConfig.gptOss120b()));

        assertThat(ConfigJson.read(folder)).isEqualTo(MoeConfig.gptOss120b());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "\"vocab_size\": 201088, |  | lacks vocab_size",
            "\"vocab_size\": 201088 | \"vocab_size\": \"many\" | vocab_size: expected a whole number, found \"many\"",
            "\"vocab_size\": 201088 | \"vocab_size\": 5000000000 | vocab_size: expected a whole number",
            "\"num_attention_heads\": 64 | \"num_attention_heads\": 65 | 65 query heads do not share 8",
            "\"yarn\" | \"linear\" | rope_type 'linear' is not yarn",
            "\"factor\" | \"attention_factor\": 1.0, \"factor\" | attention_factor is not a parameter of gpt-oss",
            "\"factor\": 32.0, |  | lacks the number factor", "\"gpt_oss\" | \"mixtral\" | of type 'mixtral'",
            "\"gpt_oss\", | \"gpt_oss\", \"tie_word_embeddings\": true, | ties the unembedding",
            "\"gpt_oss\", | \"gpt_oss\", \"layer_types\": [\"linear\"], | neither sliding_attention nor full_attention",
            "\"gpt_oss\", | \"gpt_oss\", \"layer_types\": [\"full_attention\"], | 1 layer types for 24 layers",
            "\"gpt_oss\", | \"gpt_oss\", \"hidden_act\": \"gelu\", | activation 'gelu'",
            "\"gpt_oss\", | \"gpt_oss\", \"swiglu_alpha\": 1.5, | swiglu_alpha is 1.5",
            "\"gpt_oss\", | \"gpt_oss\", \"quantization_config\": {\"quant_method\": \"fp8\"}, | the method is 'fp8'",
            "1e-05 | \"small\" | rms_norm_eps: expected a number, found \"small\"",
            "1e-05 | -1 | an epsilon of -1.0", "\"swiglu_limit\": 7.0 | \"swiglu_limit\": 0 | a swiglu_limit of 0",
            "150000 | 0 | rope: theta 0.0", "\"factor\": 32.0 | \"factor\": -32.0 | factor -32.0",
            "\"sliding_window\": 128 | \"sliding_window\": 0 | layers slide over 0 keys",
            "\"sliding_window\": 128 | \"sliding_window\": null | sliding_window: expected a whole number",
            "\"num_hidden_layers\": 24 | \"num_hidden_layers\": 2000000000 | 2000000000 are more than 10000",
            "200002 | \"end\" | eos_token_id: expected a token's number", "}} | } | is not whole JSON" })
    void read_somethingWrong_namesTheFileAndIt(String old, String replacement, String problem) {
        assertThat(VERSION_4).contains(old);

        assertThatThrownBy(() -> read(VERSION_4.replace(old, replacement == null ? "" : replacement)))
                .isInstanceOf(CheckpointException.class).hasMessageStartingWith(folder.resolve("config.json") + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void read_noFile_saysSo() {
        assertThatThrownBy(() -> ConfigJson.read(folder)).isInstanceOf(CheckpointException.class)
                .hasMessage(folder.resolve("config.json") + ": no such file");
    }

    private MoeConfig read(String json) throws IOException, CheckpointException {
        Files.writeString(folder.resolve("config.json"), json);
        return ConfigJson.read(folder);
    }
}
