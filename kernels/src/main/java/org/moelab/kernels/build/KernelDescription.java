package org.moelab.kernels.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a source says of one of its kernels, in the comment before it:
///
/// ```
/// /// What it does, in a sentence or more.
/// /// @techniques id, id        those of the catalogue that it applies, or `none`
/// /// @bytes formula            of its parameters
/// /// @flops formula
/// /// @floor what bounds its time
/// /// @architectures sm_100a    those that it is for, where it is not for all
/// extern "C" __global__ void __launch_bounds__(kThreads, 8) name(…)
/// ```
/// Where a macro or a template makes the kernels, `@kernel name, name` names them. A source that can leave techniques out
/// writes `KERNEL_NAME(name)` in place of the name.
///
/// @param name the kernel
/// @param source the source's path under the sources' root
/// @param architectures those that the kernel is for, such as `sm_100a`; none where it is for all
record KernelDescription(String name, String source, String summary, List<String> architectures,
        List<String> techniques, String bytes, String flops, String floor, int maxThreads, int minBlocks) {
    private static final String NAME_MACRO = "KERNEL_NAME";
    private static final Pattern DEFINITION = Pattern
            .compile("extern\\s+\"C\"\\s+__global__\\s[^(]*?\\b(?:" + NAME_MACRO
                    + "\\s*\\(\\s*(\\w+)\\s*\\)|(\\w+))\\s*\\(");
    private static final Pattern LAUNCH_BOUNDS = Pattern.compile("__launch_bounds__\\s*\\(([^)]*)\\)");
    private static final Pattern CONSTANT = Pattern.compile("constexpr\\s+int\\s+(\\w+)\\s*=\\s*(\\d+)\\s*;");
    private static final Pattern TAG = Pattern.compile("@(\\w+)\\s*(.*)");

    /// The operation that the kernel belongs to: the first folder of its source.
    String operation() {
        return source.contains("/") ? source.substring(0, source.indexOf('/')) : "";
    }

    /// Whether a build for these architectures has the kernel.
    ///
    /// @param built such as `90a`
    boolean isFor(List<String> built) {
        return architectures.isEmpty()
                || built.stream().anyMatch(architecture -> architectures.contains("sm_" + architecture));
    }

    /// The kernels that a source describes.
    ///
    /// @param path the source's path under the sources' root
    /// @throws BuildException where a description lacks something, with the line
    static List<KernelDescription> in(String path, String source) throws BuildException {
        Map<String, Integer> constants = new HashMap<>();
        Matcher constant = CONSTANT.matcher(source);
        while (constant.find()) {
            constants.put(constant.group(1), Integer.valueOf(constant.group(2)));
        }
        List<String> lines = source.lines().toList();
        List<KernelDescription> found = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            int end = at;
            while (end < lines.size() && lines.get(end).startsWith("///")) {
                end++;
            }
            if (end > at) {
                Comment comment = Comment.of(lines.subList(at, end));
                String declaration = declaration(lines, end);
                for (String name : names(comment, declaration)) {
                    found.add(describe(name, path, at + 1, comment, bounds(declaration, constants)));
                }
            }
            at = Math.max(end, at + 1);
        }
        return found;
    }

    /// Sees that every kernel of a source with switches or sizes carries its variant's name.
    ///
    /// @throws BuildException where one does not, with the line
    static void requireVariantNames(String path, String source) throws BuildException {
        String code = LAUNCH_BOUNDS.matcher(source).replaceAll(bounds -> " ".repeat(bounds.group().length()));
        Matcher definition = DEFINITION.matcher(code);
        while (definition.find()) {
            String name = definition.group(2);
            if (name != null && !name.equals(NAME_MACRO)) {
                long line = code.substring(0, definition.start(2)).lines().count();
                throw new BuildException(path + ":" + line + ": the source has variants, so the kernel's name is "
                        + NAME_MACRO + "(" + name + ")");
            }
        }
    }

    private static KernelDescription describe(String name, String path, int line, Comment comment, int[] bounds)
            throws BuildException {
        for (String needed : List.of("techniques", "bytes", "flops", "floor")) {
            if (comment.tag(needed).isEmpty()) {
                throw new BuildException(
                        path + ":" + line + ": the description of " + name + " has no @" + needed);
            }
        }
        if (comment.text().isEmpty()) {
            throw new BuildException(path + ":" + line + ": the description of " + name + " does not say what it does");
        }
        return new KernelDescription(name, path, comment.text(), list(comment.tag("architectures")),
                techniques(comment), comment.tag("bytes"), comment.tag("flops"), comment.tag("floor"), bounds[0],
                bounds[1]);
    }

    /// The code after a comment, up to the body or the end of the statement.
    private static String declaration(List<String> lines, int from) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < lines.size(); i++) {
            text.append(lines.get(i)).append(' ');
            if (lines.get(i).contains("{") || lines.get(i).contains(";")) {
                break;
            }
        }
        return text.toString();
    }

    private static List<String> names(Comment comment, String declaration) {
        if (!comment.tag("kernel").isEmpty()) {
            return list(comment.tag("kernel"));
        }
        Matcher definition = DEFINITION.matcher(LAUNCH_BOUNDS.matcher(declaration).replaceAll(" "));
        if (!definition.lookingAt()) {
            return List.of();
        }
        return List.of(definition.group(definition.group(1) == null ? 2 : 1));
    }

    /// The most threads and the least blocks of a declaration, 0 where it does not say or says by an expression.
    private static int[] bounds(String declaration, Map<String, Integer> constants) {
        int[] bounds = new int[2];
        Matcher matcher = LAUNCH_BOUNDS.matcher(declaration);
        if (matcher.find()) {
            List<String> arguments = list(matcher.group(1));
            for (int i = 0; i < Math.min(2, arguments.size()); i++) {
                String argument = arguments.get(i);
                bounds[i] = argument.matches("\\d+")
                        ? Integer.parseInt(argument)
                        : constants.getOrDefault(argument, 0);
            }
        }
        return bounds;
    }

    private static List<String> techniques(Comment comment) {
        String tag = comment.tag("techniques");
        return tag.equals("none") ? List.of() : list(tag);
    }

    private static List<String> list(String text) {
        return Pattern.compile(",").splitAsStream(text).map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    /// A comment's text and tags; a tag runs on over lines that begin no other.
    private record Comment(String text, Map<String, String> tags) {
        static Comment of(List<String> lines) {
            StringBuilder text = new StringBuilder();
            Map<String, String> tags = new HashMap<>();
            String open = "";
            for (String line : lines) {
                String content = line.substring(3).strip();
                Matcher tag = TAG.matcher(content);
                if (tag.matches()) {
                    open = tag.group(1);
                    tags.put(open, tag.group(2).strip());
                } else if (open.isEmpty()) {
                    text.append(text.isEmpty() ? "" : " ").append(content);
                } else {
                    tags.merge(open, content, (before, more) -> before + " " + more);
                }
            }
            return new Comment(text.toString().strip(), tags);
        }

        String tag(String name) {
            return tags.getOrDefault(name, "");
        }
    }
}
