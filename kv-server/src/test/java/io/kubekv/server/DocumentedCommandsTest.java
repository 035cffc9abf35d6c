package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command line of kubekv's that a document shows is one. */
class DocumentedCommandsTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern INLINE = Pattern.compile("`([^`\n]+)`");

  /** The rest of a line behind the program's name, where a command may begin. */
  private static final Pattern COMMAND =
      Pattern.compile("(?:^|[\\s;&|(])(?:\\./)?kubekv +([a-z][^;&|]*)");

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

  private static final List<String> OTHERS =
      List.of(
          "README.md",
          "helm/README.md",
          "helm/RUNBOOK.md",
          "helm/THREATS.md",
          "helm/kubekv/templates/NOTES.txt",
          "kv-server/ACCESS.md",
          "kv-server/BACKUP.md",
          "kv-server/COMPATIBILITY.md",
          "kv-server/LIMITS.md",
          "kv-server/METRICS.md");

  static Stream<Arguments> commands() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (String document : documents()) {
      for (String line : lines(document)) {
        Matcher command = COMMAND.matcher(line);
        if (command.find()) {
          all.add(Arguments.of(document, command.group(1).strip()));
        }
      }
    }
    return all.stream();
  }

  private static List<String> documents() throws IOException {
    List<String> all = new ArrayList<>(OTHERS);
    try (DirectoryStream<Path> pages =
        Files.newDirectoryStream(REPOSITORY.resolve("docs"), "*.md")) {
      pages.forEach(page -> all.add("docs/" + page.getFileName()));
    }
    return all;
  }

  /** Lines of shell: blocks, what is between backquotes, and in the notes every indented line. */
  private static List<String> lines(String document) throws IOException {
    String text = Files.readString(REPOSITORY.resolve(document)).replace("\\\n", " ");
    List<String> lines = new ArrayList<>();
    boolean isNotes = document.endsWith(".txt");
    boolean inBlock = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("```")) {
        inBlock = line.equals("```sh") || line.startsWith("```sh ");
      } else if (isNotes && line.startsWith("  ")) {
        lines.add(
            line.replaceAll("\\{\\{ \\$ca }}", " --cacert ca.crt")
                .replaceAll("\\{\\{[^}]*}}", "x"));
      } else if (inBlock) {
        lines.add(line.replaceFirst("(^| )#.*", ""));
      } else {
        INLINE.matcher(line).results().map(inline -> inline.group(1)).forEach(lines::add);
      }
    }
    return lines;
  }

  @ParameterizedTest(name = "{0}: kubekv {1}")
  @MethodSource("commands")
  void commandLine_ofADocument_isTaken(String document, String command) {
    String[] words = words(command);
    if (words.length == 1) {
      return; // `kubekv lock`: the verb is spoken of
    }

    assertThatCode(() -> Main.commandLine(words, Map.of()).parseArgs(words))
        .as("kubekv %s", command)
        .doesNotThrowAnyException();
  }

  /**
   * What stands behind it is the shell's: where it goes, and the end of {@code <(} or {@code $(}.
   */
  private static String[] words(String command) {
    return WORD.matcher(command.replaceAll(" *[<>].*|\\)\"?$", ""))
        .results()
        .map(word -> Stream.of(1, 2, 3).map(word::group).filter(text -> text != null).findFirst())
        .map(word -> word.orElse(""))
        .map(word -> word.equals("N") ? "1" : word)
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/cli.md",
        "docs/tls.md",
        "helm/RUNBOOK.md",
        "helm/kubekv/templates/NOTES.txt",
        "kv-server/BACKUP.md"
      })
  void documentsWithCommands_haveSome(String document) throws IOException {
    assertThat(commands().filter(each -> Arrays.asList(each.get()).contains(document)))
        .isNotEmpty();
  }
}
