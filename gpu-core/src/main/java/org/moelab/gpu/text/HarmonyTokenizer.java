package org.moelab.gpu.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;

/// gpt-oss's tokenizer `o200k_harmony`: the ranks and the pattern of `o200k_base`, and the special tokens of the harmony
/// format, which hold messages and their roles apart. Text never becomes a special token, whatever it contains.
///
/// Source of the special tokens: OpenAI's harmony response format.
public final class HarmonyTokenizer {
    /// How many tokens gpt-oss has: no other model is known to use this tokenizer.
    public static final int VOCABULARY = 201_088;

    private static final int START = 200_006;
    private static final int MESSAGE = 200_008;
    private static final int END = 200_007;
    /// The lowest special token; below are those of text.
    private static final int SPECIAL = 199_998;
    private static final Map<Integer, String> NAMES = Map.of(SPECIAL, "startoftext", 199_999, "endoftext", 200_002,
            "return", 200_003, "constrain", 200_005, "channel", START, "start", END, "end", MESSAGE, "message", 200_012,
            "call");

    private final Encoding text;

    private HarmonyTokenizer(Encoding text) {
        this.text = text;
    }

    /// The tokenizer of a model with so many tokens, where it is gpt-oss's. Loading it takes a moment.
    public static Optional<HarmonyTokenizer> of(int vocabulary) {
        return vocabulary == VOCABULARY
                ? Optional.of(new HarmonyTokenizer(
                        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE)))
                : Optional.empty();
    }

    /// The tokens of plain text.
    public List<Integer> encode(String plain) {
        return text.encodeOrdinary(plain).boxed();
    }

    /// The tokens of a conversation that holds one message of a user, up to where the assistant speaks.
    public List<Integer> chat(String message) {
        List<Integer> tokens = new ArrayList<>();
        tokens.add(START);
        tokens.addAll(encode("user"));
        tokens.add(MESSAGE);
        tokens.addAll(encode(message));
        tokens.add(END);
        tokens.add(START);
        tokens.addAll(encode("assistant"));
        return tokens;
    }

    /// The text of tokens, with special ones by name, such as `<|end|>`. Bytes that are no UTF-8 become replacement
    /// characters, as where a text is cut off within a character.
    ///
    /// @throws IllegalArgumentException where a token is not in the vocabulary
    public String decode(List<Integer> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            if (token < 0 || token >= VOCABULARY) {
                throw new IllegalArgumentException("token " + token + " is not in a vocabulary of " + VOCABULARY);
            }
            bytes.writeBytes(token >= SPECIAL ? name(token).getBytes(StandardCharsets.UTF_8) : ofText(token));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private byte[] ofText(int token) {
        IntArrayList one = new IntArrayList(1);
        one.add(token);
        return text.decodeBytes(one);
    }

    private static String name(int token) {
        return "<|" + NAMES.getOrDefault(token, "reserved_" + token) + "|>";
    }
}
