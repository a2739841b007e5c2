package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Code;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Paragraph;

/// Text that somebody wrote in Markdown, as blocks: headings, paragraphs, items of lists one by one, code and tables as they are.
/// Marks of emphasis are dropped; links stay as they are written, so that none can be followed unseen.
final class Markdown {
    private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");
    private static final Pattern ITEM = Pattern.compile("(\\s*)(?:[-*+]|(\\d+[.)]))\\s+(.*)");
    private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*");
    private static final Pattern RULE = Pattern.compile("\\s*([-*_])(\\s*\\1){2,}\\s*");
    private static final Pattern EMPHASIS = Pattern
            .compile("\\*\\*(.+?)\\*\\*|`([^`]+)`|(?<![\\w*])\\*(\\S(?:[^*]*\\S)?)\\*(?![\\w*])");

    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();
    private final List<String> asIs = new ArrayList<>();

    private Markdown() {
    }

    static List<Block> blocks(String text) {
        Markdown markdown = new Markdown();
        boolean fenced = false;
        for (String line : text.lines().toList()) {
            if (FENCE.matcher(line).matches()) {
                markdown.end();
                fenced = !fenced;
            } else if (fenced || line.startsWith("|")) {
                markdown.endWords();
                markdown.asIs.add(line);
            } else {
                markdown.endAsIs();
                markdown.line(line);
            }
        }
        markdown.end();
        return List.copyOf(markdown.blocks);
    }

    private void line(String line) {
        Matcher heading = HEADING.matcher(line);
        Matcher item = ITEM.matcher(line);
        if (line.isBlank() || RULE.matcher(line).matches()) {
            endWords();
        } else if (heading.matches()) {
            endWords();
            blocks.add(new Heading(plain(heading.group(1))));
        } else if (item.matches()) {
            endWords();
            words.append(item.group(2) == null ? "•" : item.group(2)).append(' ').append(item.group(3));
        } else {
            words.append(words.isEmpty() ? "" : " ").append(line.strip());
        }
    }

    private void end() {
        endWords();
        endAsIs();
    }

    private void endWords() {
        if (!words.isEmpty()) {
            blocks.add(new Paragraph(plain(words.toString())));
            words.setLength(0);
        }
    }

    private void endAsIs() {
        if (!asIs.isEmpty()) {
            blocks.add(new Code(String.join("\n", asIs)));
            asIs.clear();
        }
    }

    private static String plain(String text) {
        return EMPHASIS.matcher(text).replaceAll(found -> Matcher.quoteReplacement(Stream
                .of(1, 2, 3).map(found::group).filter(Objects::nonNull).findFirst().orElse("")));
    }
}
