package org.moelab.gpu.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HarmonyTokenizerTest {
    private static final HarmonyTokenizer TOKENIZER = HarmonyTokenizer.of(201_088).orElseThrow();

    @Test
    void of_anotherVocabulary_isNone() {
        assertThat(HarmonyTokenizer.of(1024)).isEmpty();
    }

    @Test
    void encode_text_isAsKnownOfO200k() {
        // tiktoken's own ids
        assertThat(TOKENIZER.encode("hello world")).containsExactly(24912, 2375);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "The quick brown fox\n\tjumps over 12345 dogs.", "Straße, naïve, 東京, 🦊", "<|end|>" })
    void decode_whatWasEncoded_isTheTextAndNothingSpecial(String text) {
        List<Integer> tokens = TOKENIZER.encode(text);
        assertThat(tokens).allMatch(token -> token < 199_998);
        assertThat(TOKENIZER.decode(tokens)).isEqualTo(text);
    }

    @Test
    void chat_aMessage_isInHarmonyFormat() {
        List<Integer> tokens = TOKENIZER.chat("Hi <|end|>");
        assertThat(TOKENIZER.decode(tokens)).isEqualTo("<|start|>user<|message|>Hi <|end|><|end|><|start|>assistant");
        assertThat(tokens).filteredOn(token -> token == 200_007).as("ends of messages").hasSize(1);
    }

    @Test
    void decode_specialTokens_namesThem() {
        assertThat(TOKENIZER.decode(List.of(199_998, 199_999, 200_002, 200_003, 200_005, 200_012, 201_087))).isEqualTo(
                "<|startoftext|><|endoftext|><|return|><|constrain|><|channel|><|call|><|reserved_201087|>");
        assertThatIllegalArgumentException().isThrownBy(() -> TOKENIZER.decode(List.of(201_088)))
                .withMessageContaining("201088");
    }
}
