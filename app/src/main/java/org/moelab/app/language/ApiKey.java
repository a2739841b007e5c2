package org.moelab.app.language;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// A secret of the environment. Its value goes into a request's header and nowhere else: no text of it holds the value.
public final class ApiKey {
    /// The variable that is looked at first, whatever the endpoint.
    public static final String ANY = "MOELAB_LLM_KEY";

    private final String variable;
    private final String value;

    private ApiKey(String variable, String value) {
        this.variable = variable;
        this.value = value;
    }

    /// The key for a kind of endpoint; empty where the environment has none.
    ///
    /// @param environment a variable's value, empty where it is not set
    /// @throws LanguageModelException where the value cannot be a key
    public static Optional<ApiKey> find(Dialect dialect, Function<String, Optional<String>> environment)
            throws LanguageModelException {
        for (String variable : Stream.of(ANY, dialect.keyVariable()).toList()) {
            Optional<String> value = environment.apply(variable).map(String::strip).filter(v -> !v.isEmpty());
            if (value.isPresent()) {
                // said here, because the client's own complaint quotes the header
                if (!value.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                    throw new LanguageModelException(variable + " holds something that cannot be a key: blanks or other"
                            + " characters than ASCII's");
                }
                return Optional.of(new ApiKey(variable, value.get()));
            }
        }
        return Optional.empty();
    }

    String value() {
        return value;
    }

    /// The variable that it is from.
    String variable() {
        return variable;
    }

    /// A text of somebody else without the key.
    String hiddenIn(String text) {
        return text.replace(value, "(key)");
    }

    @Override
    public String toString() {
        return "the key in " + variable;
    }
}
