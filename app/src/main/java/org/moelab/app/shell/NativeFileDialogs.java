package org.moelab.app.shell;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;

/// The system's own dialogs. They start where the last one ended.
final class NativeFileDialogs implements FileDialogs {
    private final Window owner;
    private Optional<File> folder = Optional.empty();

    NativeFileDialogs(Window owner) {
        this.owner = owner;
    }

    @Override
    public List<Path> recordings() {
        FileChooser chooser = chooser("Open recordings");
        chooser.getExtensionFilters().addAll(
                new ExtensionFilter("Recordings", "*.sqlite", "*.sqlite.gz", "*.nsys-rep", "*.ncu-rep", "*.ncu-repz",
                        "*.csv", "*.json", "*.json.gz"),
                new ExtensionFilter("All files", "*"));
        List<File> files = chooser.showOpenMultipleDialog(owner);
        if (files == null || files.isEmpty()) {
            return List.of();
        }
        folder = Optional.ofNullable(files.getFirst().getParentFile());
        return files.stream().map(File::toPath).toList();
    }

    @Override
    public Optional<Path> run() {
        return folder("Open a run directory");
    }

    @Override
    public Optional<Path> folder(String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(title);
        folder.filter(f -> Files.isDirectory(f.toPath())).ifPresent(chooser::setInitialDirectory);
        Optional<File> chosen = Optional.ofNullable(chooser.showDialog(owner));
        folder = chosen.map(File::getParentFile).or(() -> folder);
        return chosen.map(File::toPath);
    }

    @Override
    public Optional<Path> target(String title, String name, List<FileKind> kinds) {
        FileChooser chooser = chooser(title);
        chooser.setInitialFileName(name);
        for (FileKind kind : kinds) {
            chooser.getExtensionFilters().add(new ExtensionFilter(kind.title(), "*." + kind.extension()));
        }
        File file = chooser.showSaveDialog(owner);
        if (file == null) {
            return Optional.empty();
        }
        folder = Optional.ofNullable(file.getParentFile());
        String wanted = Optional.ofNullable(chooser.getSelectedExtensionFilter())
                .map(chosen -> chosen.getExtensions().getFirst().substring(1)) // without its *
                .orElse("." + kinds.getFirst().extension());
        boolean ends = kinds.stream().anyMatch(k -> file.getName().endsWith("." + k.extension()));
        return Optional.of(ends ? file.toPath() : Path.of(file.getPath() + wanted));
    }

    private FileChooser chooser(String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        folder.filter(f -> Files.isDirectory(f.toPath())).ifPresent(chooser::setInitialDirectory);
        return chooser;
    }
}
