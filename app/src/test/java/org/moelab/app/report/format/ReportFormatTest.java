package org.moelab.app.report.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.report.RunReports;
import org.moelab.app.report.document.Document;
import org.moelab.app.run.KeptRun;
import org.moelab.traces.model.ImportMonitor;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

final class ReportFormatTest {
    private static final ImportMonitor CANCELLED = new ImportMonitor() {
        @Override
        public void update(double fraction, String phase) {
            // nobody watches
        }

        @Override
        public boolean isCancelled() {
            return true;
        }
    };

    @TempDir
    static Path reports;

    @TempDir
    Path folder;

    private Path write(ReportFormat format, Document document) throws IOException {
        Path file = folder.resolve("report." + format.extension());
        format.write(document, file, ImportMonitor.NONE);
        return file;
    }

    /// The report of a kept run, written once for all tests.
    private static Path kept(ReportFormat format) throws IOException {
        Path file = reports.resolve("kept." + format.extension());
        if (!Files.exists(file)) {
            RunReports.write(KeptRun.readWithLoads(), file);
        }
        return file;
    }

    private List<String> files() throws IOException {
        return files(folder);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> !f.equals(folder)).map(f -> folder.relativize(f).toString()).sorted().toList();
        }
    }

    private static Element parsed(Path html) throws IOException {
        String page = Files.readString(html);
        assertThat(page).startsWith("<!DOCTYPE html>\n");
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(page.substring(page.indexOf('\n')).strip()
                            .getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (SAXException | ParserConfigurationException e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    private static List<Element> all(Element root, String tag) {
        NodeList found = root.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    @Test
    void html_ofEveryBlock_isWellFormedAndEscaped() throws IOException {
        Element page = parsed(write(ReportFormat.HTML, Sample.document()));
        assertThat(all(page, "h1").getFirst().getTextContent()).isEqualTo("Title " + Sample.NASTY);
        assertThat(all(page, "script")).as("none from a text").hasSize(1);
        assertThat(all(page, "pre").getFirst().getTextContent()).isEqualTo("moelab run --model 'a b' | tee");
        assertThat(all(page, "summary").stream().map(Element::getTextContent)).contains("Folded <away>");
    }

    @Test
    void html_ofARun_needsNothingElseAndIsSmall() throws IOException {
        Path file = kept(ReportFormat.HTML);
        Element page = parsed(file);
        assertThat(Files.size(file)).isLessThan(2_000_000);
        List<String> ids = all(page, "*").stream().map(e -> e.getAttribute("id")).filter(id -> !id.isEmpty()).toList();
        assertThat(ids).doesNotHaveDuplicates();
        for (Element e : all(page, "*")) {
            assertThat(e.getAttribute("src")).isEmpty();
            String href = e.getAttribute("href");
            assertThat(href.isEmpty() || ids.contains(href.substring(1))).as(href).isTrue();
        }
        assertThat(Files.readString(file).replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:",
                "@import", "@font-face");
    }

    @Test
    void html_ofARun_canBeHeard() throws IOException {
        Element page = parsed(kept(ReportFormat.HTML));
        assertThat(all(page, "th")).allSatisfy(th -> assertThat(th.getAttribute("scope")).isIn("col", "row"));
        assertThat(all(page, "table")).isNotEmpty()
                .allSatisfy(table -> assertThat(all(table, "caption").getFirst().getTextContent()).isNotBlank());
        assertThat(all(page, "svg")).hasSizeGreaterThanOrEqualTo(8).allSatisfy(svg -> {
            assertThat(svg.getAttribute("role")).isEqualTo("img");
            assertThat(all(svg, "title").getFirst().getTextContent()).isNotBlank();
            assertThat(all(svg, "desc").getFirst().getTextContent()).isNotBlank();
        });
        assertThat(page.getAttribute("lang")).isEqualTo("en");
    }

    @Test
    void html_figures_areShownAsTheyAreKept() throws IOException {
        Element page = parsed(kept(ReportFormat.HTML));
        List<Element> cells = all(page, "td").stream().filter(td -> td.hasAttribute("data-v")).toList();
        assertThat(cells).hasSizeGreaterThan(500).allSatisfy(td -> {
            String shown = td.getTextContent().replace(",", "");
            int point = shown.indexOf('.');
            double half = 0.5 * Math.pow(10, point < 0 ? 0 : point + 1 - shown.length());
            assertThat(Double.parseDouble(shown)).isCloseTo(Double.parseDouble(td.getAttribute("data-v")),
                    within(half * 1.000001));
        });
    }

    @Test
    void html_charts_haveBothThemes() throws IOException {
        Element page = parsed(kept(ReportFormat.HTML));
        String style = all(page, "style").getFirst().getTextContent();
        for (Element svg : all(page, "svg")) {
            List<String> names = all(svg, "g").stream().flatMap(g -> Stream.of(g.getAttribute("class").split(" ")))
                    .filter(n -> !n.isEmpty()).distinct().toList();
            assertThat(names).allSatisfy(name -> assertThat(style).contains("\n." + name + "{"));
            assertThat(names.stream().filter(name -> style.contains("\n." + name + "{fill:")
                    && style.substring(style.indexOf("\n." + name + "{")).split("}", 2)[0].contains("light-dark(")))
                    .as(svg.getAttribute("aria-labelledby")).hasSizeGreaterThan(2);
        }
    }

    @Test
    void markdown_tables_areRectangular() throws IOException {
        int columns = 0;
        int tables = 0;
        for (String line : Files.readAllLines(kept(ReportFormat.MARKDOWN))) {
            if (!line.startsWith("|")) {
                columns = 0;
                continue;
            }
            int now = line.replace("\\|", "").split("\\|", -1).length - 2;
            if (columns == 0) {
                columns = now;
                tables++;
            }
            assertThat(now).as(line).isEqualTo(columns);
        }
        assertThat(tables).isGreaterThan(30);
    }

    @Test
    void markdown_charts_lieInTheFolderBesideIt() throws IOException {
        String text = Files.readString(kept(ReportFormat.MARKDOWN));
        List<String> named = Pattern.compile("]\\((kept_files/[^)]+)\\)").matcher(text).results()
                .map((MatchResult r) -> r.group(1)).sorted().toList();
        assertThat(named).hasSizeGreaterThanOrEqualTo(8);
        assertThat(files(reports.resolve("kept_files")).stream().map(f -> "kept_files/" + f))
                .containsExactlyElementsOf(named);
        assertThat(text).contains("| 6 advanced inference |", "**captured step**");
    }

    @Test
    void markdown_ofEveryBlock_isEscaped() throws IOException {
        String text = Files.readString(write(ReportFormat.MARKDOWN, Sample.document()));
        assertThat(text).contains("# Title a \\< b & \"c\" \\| \\`d\\` \\*e\\* \\[f\\](g) \\<script\\>\n",
                "<summary>Folded &lt;away></summary>", "```sh\nmoelab run --model 'a b' | tee\n```");
    }

    @Test
    void markdown_writtenAgain_leavesNothingOfBefore() throws IOException {
        Path old = Files.createDirectory(folder.resolve("report_files"));
        Files.writeString(old.resolve("old.svg"), "old");
        write(ReportFormat.MARKDOWN, Sample.document());
        assertThat(files()).containsExactly("report.md", "report_files", "report_files/square.svg");
    }

    @Test
    void markdown_thatFails_keepsWhatWasThere() throws IOException {
        write(ReportFormat.MARKDOWN, Sample.document());
        String before = Files.readString(folder.resolve("report.md"));
        assertThatThrownBy(() -> write(ReportFormat.MARKDOWN, Sample.document(new Sample.Broken())))
                .hasMessage("no picture");
        assertThat(files()).containsExactly("report.md", "report_files", "report_files/square.svg");
        assertThat(Files.readString(folder.resolve("report.md"))).isEqualTo(before);
    }

    @Test
    void markdown_ontoAFolder_leavesTheChartsOfBefore() throws IOException {
        Files.createDirectory(folder.resolve("report.md"));
        Path old = Files.createDirectory(folder.resolve("report_files"));
        Files.writeString(old.resolve("old.svg"), "old");
        assertThatThrownBy(() -> write(ReportFormat.MARKDOWN, Sample.document())).isInstanceOf(IOException.class)
                .hasMessageContaining("report.md");
        assertThat(files()).containsExactly("report.md", "report_files", "report_files/old.svg");
    }

    @ParameterizedTest
    @EnumSource
    void anyFormat_whoseChartFails_leavesNothing(ReportFormat format) throws IOException {
        assertThatThrownBy(() -> write(format, Sample.document(new Sample.Broken()))).hasMessage("no picture");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anyFormat_cancelled_leavesNothing(ReportFormat format) throws IOException {
        Path file = folder.resolve("report." + format.extension());
        assertThatThrownBy(() -> format.write(Sample.document(), file, CANCELLED))
                .isInstanceOf(CancellationException.class);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anyFormat_intoAMissingFolder_namesTheFile(ReportFormat format) throws IOException {
        Path file = folder.resolve("missing").resolve("report." + format.extension());
        assertThatThrownBy(() -> format.write(Sample.document(), file, ImportMonitor.NONE))
                .isInstanceOf(IOException.class).hasMessageContaining("report." + format.extension());
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "r.docx", "html", "r.html.txt" })
    void require_anotherEnding_namesThoseThatThereAre(String name) {
        assertThatThrownBy(() -> ReportFormat.require(Path.of(name))).isInstanceOf(IOException.class)
                .hasMessageContaining(name).hasMessageContaining(".html, .md, .pdf");
    }

    @Test
    void pdf_ofARun_holdsItsTablesAsText() throws IOException {
        try (PDDocument pdf = Loader.loadPDF(kept(ReportFormat.PDF).toFile())) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            String text = stripper.getText(pdf);
            assertThat(text).contains("Layers in decode, from the lowest up", "captured step", "How to reproduce",
                    "moelab run --model gpt-oss-20b", "page 1 of " + pdf.getNumberOfPages());
            assertThat(text.lines()).anySatisfy(line -> assertThat(line).startsWith("6 advanced inference")
                    .contains("812.2"));
            assertThat(pdf.getDocumentInformation().getTitle()).isEqualTo("Run h200-gpt-oss-20b-loads");
        }
    }

    @Test
    void pdf_ofARun_hasBookmarksToEverySection() throws IOException {
        try (PDDocument pdf = Loader.loadPDF(kept(ReportFormat.PDF).toFile())) {
            List<String> titles = new ArrayList<>();
            for (PDOutlineItem item : pdf.getDocumentCatalog().getDocumentOutline().children()) {
                titles.add(item.getTitle());
                PDPage page = item.findDestinationPage(pdf);
                PDFTextStripper stripper = new PDFTextStripper();
                int number = pdf.getPages().indexOf(page) + 1;
                stripper.setStartPage(number);
                stripper.setEndPage(number);
                assertThat(stripper.getText(pdf)).contains(item.getTitle());
            }
            assertThat(titles).startsWith("Summary", "Hardware and versions", "Layers").endsWith("How to reproduce");
            assertThat(pdf.getPage(0).getAnnotations()).as("contents are links").hasSameSizeAs(titles);
        }
    }

    @Test
    void pdf_fonts_areEmbedded() throws IOException {
        try (PDDocument pdf = Loader.loadPDF(write(ReportFormat.PDF, Sample.document()).toFile())) {
            for (PDPage page : pdf.getPages()) {
                for (COSName name : page.getResources().getFontNames()) {
                    assertThat(page.getResources().getFont(name).isEmbedded()).as(name.getName()).isTrue();
                }
            }
        }
    }

    @Test
    void pdf_longTable_hasItsHeadOnEveryPageAndAllRows() throws IOException {
        try (PDDocument pdf = Loader.loadPDF(write(ReportFormat.PDF, Sample.document()).toFile())) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            String text = stripper.getText(pdf);
            long continued = text.lines().filter(l -> l.equals("A table of many rows (continued)")).count();
            assertThat(continued).isGreaterThanOrEqualTo(2);
            assertThat(text.lines().filter(l -> l.equals("Name Time Floor Remark"))).hasSize((int) continued + 1);
            for (int i = 0; i < 120; i++) {
                assertThat(text).contains("row " + i);
            }
            assertThat(text).contains("Subtitle → 8192² ÷ µ").doesNotContain("?");
        }
    }
}
