package org.moelab.kernels;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The kernels' sources and headers, and what they say of themselves to who compiles them.
///
/// A header is included as `#include "path"`, the path being relative to the file that includes it or to the tree's root.
/// A source declares each technique that it can leave out by a switch that is on unless the compiler is told otherwise:
///
/// ```
/// #ifndef TECHNIQUE_VECTORISED_LOADS
/// #define TECHNIQUE_VECTORISED_LOADS 1
/// #endif
/// ```
///
/// A size of the model that it takes as a constant is declared likewise, as `SIZE_HIDDEN`, and defined as 0: not given.
///
/// A switch that is defined as 0 is one of a technique on request: off unless the compiler is told otherwise.
///
/// @param files the files' content by their path from the root, with `/`
public record SourceTree(Map<String, String> files) {
    private static final Pattern INCLUDE = Pattern.compile("(?m)^(\\h*#\\h*include\\h*\")([^\"\\n]+)(\")");
    private static final Pattern SWITCH = Pattern.compile("(?m)^\\h*#\\h*ifndef\\h+TECHNIQUE_([A-Z0-9_]+)\\b");
    private static final Pattern SIZE = Pattern.compile("(?m)^\\h*#\\h*ifndef\\h+SIZE_([A-Z0-9_]+)\\b");
    private static final Pattern OFF = Pattern
            .compile("(?m)^\\h*#\\h*define\\h+TECHNIQUE_([A-Z0-9_]+)\\h+0\\h*$");

    public SourceTree {
        files = Map.copyOf(files);
    }

    /// The paths of what is compiled, as opposed to headers, in order.
    public List<String> compiled() {
        return files.keySet().stream().filter(file -> file.endsWith(".cu")).sorted().toList();
    }

    /// A file's content.
    ///
    /// @throws IllegalArgumentException where the tree has no such file
    public String text(String path) {
        String text = files.get(path);
        if (text == null) {
            throw new IllegalArgumentException("no source " + path + " among the kernels' sources");
        }
        return text;
    }

    /// A source and the headers that it includes, directly and through others, the source first. Included files that the
    /// tree lacks are left to the compiler, which names the line.
    public SequencedSet<String> withHeaders(String path) {
        SequencedSet<String> found = new LinkedHashSet<>(List.of(path));
        Deque<String> unread = new ArrayDeque<>(found);
        while (!unread.isEmpty()) {
            String file = unread.remove();
            Matcher include = INCLUDE.matcher(text(file));
            while (include.find()) {
                header(file, include.group(2)).filter(found::add).ifPresent(unread::add);
            }
        }
        return found;
    }

    /// The techniques that a source can leave out, by id, in order: those that it or a header of it has a switch for.
    public List<String> switches(String path) {
        return declared(path, SWITCH);
    }

    /// Those of a source's switches that are off unless the compiler is told otherwise, by id, in order: techniques on
    /// request, which the build leaves out.
    public List<String> additions(String path) {
        return declared(path, OFF);
    }

    /// The sizes of a model that a source or a header of it takes as constants, by name, in order: `hidden` and so on.
    public List<String> sizes(String path) {
        return declared(path, SIZE);
    }

    private List<String> declared(String path, Pattern pattern) {
        TreeSet<String> found = new TreeSet<>();
        for (String file : withHeaders(path)) {
            pattern.matcher(text(file)).results().map(SourceTree::word).forEach(found::add);
        }
        return List.copyOf(found);
    }

    private static String word(MatchResult match) {
        return match.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A source and its headers as a compiler without a file system takes them: each header is included by its path from
    /// the root, so that two of the same name stay apart. Lines keep their numbers.
    public SourceTree selfContained(String path) {
        Map<String, String> texts = new HashMap<>();
        for (String file : withHeaders(path)) {
            texts.put(file, INCLUDE.matcher(text(file)).replaceAll(include -> Matcher.quoteReplacement(
                    include.group(1) + header(file, include.group(2)).orElse(include.group(2)) + include.group(3))));
        }
        return new SourceTree(texts);
    }

    private Optional<String> header(String from, String name) {
        int slash = from.lastIndexOf('/');
        return Optional.of(resolve(from.substring(0, slash + 1), name)).filter(files::containsKey)
                .or(() -> Optional.of(resolve("", name)).filter(files::containsKey));
    }

    private static String resolve(String folder, String name) {
        Deque<String> steps = new ArrayDeque<>();
        for (String step : (folder + name).split("/", -1)) {
            if (step.equals("..") && !steps.isEmpty()) {
                steps.removeLast();
            } else if (!step.equals(".") && !step.isEmpty()) {
                steps.add(step);
            }
        }
        return String.join("/", steps);
    }
}
