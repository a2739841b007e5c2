package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.moelab.app.language.AnalysisFile;
import org.moelab.app.language.Answer;
import org.moelab.app.language.Question;
import org.moelab.app.language.Summary;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.technique.Catalogue;

/// Asks a language model about a run and keeps the answer in the run's directory, where the report finds it.
///
/// @param language whom to ask, if anybody
/// @param terminal shows what is sent
/// @param cancelled whether to end early
record LanguageAdvice(LanguageOptions language, Terminal terminal, BooleanSupplier cancelled) {
    /// What is written once the model has been asked.
    @FunctionalInterface
    interface Writing {
        void write() throws IOException;
    }

    /// Asks where that is wanted, then writes: also where the model did not answer, which is told last.
    ///
    /// @throws CommandFailure where no answer came, or it could not be kept
    void thenWrite(StoredRun run, Writing report) throws IOException, CommandFailure {
        Optional<CommandFailure> failure = Optional.empty();
        if (language.asked()) {
            try {
                keep(run);
            } catch (CommandFailure e) {
                failure = Optional.of(e);
            } catch (IOException e) {
                failure = Optional.of(new CommandFailure("--llm-analysis: " + e.getMessage(), e));
            }
        }
        report.write();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void keep(StoredRun run) throws IOException, CommandFailure {
        Path folder = run.folder();
        if (!Files.isWritable(folder.toAbsolutePath())) {
            throw new CommandFailure("--llm-analysis: " + folder + " cannot be written, and the answer is kept there");
        }
        Catalogue catalogue = Catalogue.load();
        Question question = Summary.of(List.of(run), RunFindings.of(run, run.top(), RunFindings.PHASES),
                id -> RunFindings.technique(catalogue, id));
        terminal.out().flush();
        Optional<Answer> answer = language.ask(question, terminal, cancelled);
        if (answer.isPresent()) {
            terminal.tell("kept " + AnalysisFile.write(folder, question, answer.get()));
        }
    }
}
