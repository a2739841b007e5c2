package org.moelab.app.cli;

import java.io.Console;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.moelab.app.language.Answer;
import org.moelab.app.language.ApiKey;
import org.moelab.app.language.Dialect;
import org.moelab.app.language.Endpoint;
import org.moelab.app.language.LanguageModel;
import org.moelab.app.language.LanguageModelException;
import org.moelab.app.language.Question;
import org.moelab.app.language.Retries;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Options of verbs that may ask a language model, and asking it: the person sees all that is sent, and agrees, first.
final class LanguageOptions {
    private static final String ANTHROPIC = "https://api.anthropic.com";

    @Option(names = "--llm-analysis", description = "Also ask a language model. What is sent is shown first, and nothing else is sent.")
    private boolean asked;

    @Option(names = "--llm-endpoint", paramLabel = "URL", description = "Where to ask: https://HOST of a service that speaks as Anthropic's or OpenAI's do, or http://localhost:PORT. Its key is in MOELAB_LLM_KEY, ANTHROPIC_API_KEY or OPENAI_API_KEY.")
    private Optional<String> endpoint = Optional.empty();

    @Option(names = "--llm-model", paramLabel = "MODEL", description = "The model's name there.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--llm-kind", paramLabel = "KIND", description = "anthropic or openai. Default: by the URL.")
    private Optional<Dialect> dialect = Optional.empty();

    @Option(names = "--llm-timeout", paramLabel = "S", description = "Seconds to wait for an answer. Default: ${DEFAULT-VALUE}.", defaultValue = "120")
    private int timeoutSeconds;

    @Option(names = "--llm-keep", description = "Keep the answer in the run directory, as llm-analysis.md; report and analyze always do.")
    private boolean keep;

    @Option(names = "--yes", description = "Send without asking. Needed where no person is at the terminal.")
    private boolean yes;

    /// Whether a language model shall be asked.
    boolean asked() {
        return asked;
    }

    /// Whether the answer shall be kept in the run directory.
    boolean keep() {
        return asked && keep;
    }

    /// Refuses what means nothing, before any work is done.
    void check(CommandSpec spec) {
        if (!asked && (endpoint.isPresent() || model.isPresent() || keep)) {
            throw new ParameterException(spec.commandLine(), "--llm-… without --llm-analysis asks nobody");
        }
        if (!asked) {
            return;
        }
        if (endpoint.isEmpty() || model.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "--llm-analysis needs --llm-endpoint (such as " + ANTHROPIC + ") and --llm-model");
        }
        if (timeoutSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "--llm-timeout is at least 1 second");
        }
        if (!yes && console().isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "--llm-analysis sends a summary to " + endpoint.get().replaceAll("[?#].*|//.*@", "//")
                            + ": no person is at the terminal to agree, and --yes is missing");
        }
    }

    /// Refuses an endpoint that cannot be asked, before a long work whose end would ask it.
    void requireEndpoint() throws CommandFailure {
        if (asked) {
            try {
                whom();
            } catch (LanguageModelException e) {
                throw failure(e);
            }
        }
    }

    private Endpoint whom() throws LanguageModelException {
        return Endpoint.of(endpoint.orElseThrow(), dialect, model.orElseThrow(),
                d -> ApiKey.find(d, name -> Optional.ofNullable(System.getenv(name))));
    }

    private static CommandFailure failure(LanguageModelException e) {
        return new CommandFailure("--llm-analysis: " + e.getMessage(), e);
    }

    /// Shows the question, asks the person, then the model.
    ///
    /// @return empty where the person said no
    Optional<Answer> ask(Question question, Terminal terminal, BooleanSupplier cancelled) throws CommandFailure {
        try {
            Endpoint whom = whom();
            terminal.err().println("This is sent to " + whom.about() + ", and nothing else:\n");
            terminal.err().println(question.shown().lines().map(l -> "  " + PlainText.printable(l))
                    .reduce((a, b) -> a + "\n" + b).orElse("") + "\n");
            terminal.err().flush();
            if (!yes && !console().map(c -> agrees(c.readLine("Send it? [y/N] "))).orElse(false)) {
                terminal.tell("nothing was sent");
                return Optional.empty();
            }
            return Optional.of(new LanguageModel(whom, Duration.ofSeconds(timeoutSeconds), Retries.USUAL, cancelled)
                    .ask(question));
        } catch (LanguageModelException e) {
            throw failure(e);
        }
    }

    static boolean agrees(@Nullable String line) {
        return line != null && (line.strip().toLowerCase(Locale.ROOT).equals("y")
                || line.strip().toLowerCase(Locale.ROOT).equals("yes"));
    }

    private static Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }
}
