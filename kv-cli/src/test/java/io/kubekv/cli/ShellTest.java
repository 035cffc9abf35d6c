package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubekv.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Help, completion in real shells, and manual pages. */
class ShellTest {
  @TempDir Path folder;

  private static ServerUnderTest.Ran run(String... args) {
    return ServerUnderTest.run(Map.of(), new ByteArrayOutputStream(), new byte[0], args);
  }

  /** The beginning of a line, and one of the words that it may go on with. */
  private static final String TYPED =
      """
      wat, watch
      session cr, create
      get --ser, --server
      context us, use
      put --if-ab, --if-absent
      """;

  private static boolean isThere(String program) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + program)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private String ran(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end: " + Files.readString(out));
    }
    return Files.readString(out);
  }

  @Test
  void help_ofEveryVerb_isTheSameInThreeWays() {
    CommandLine program = Main.program(Terminal.system(Map.of()));
    for (String verb : program.getSubcommands().keySet()) {
      if (program.getSubcommands().get(verb).getCommandSpec().usageMessage().hidden()) {
        continue;
      }
      String help = run("help", verb).out();
      assertThat(help).as(verb).contains("Usage: kubekv " + verb);
      assertThat(run(verb, "-h").out()).as(verb).isEqualTo(help);
      assertThat(run(verb, "--help").out()).as(verb).isEqualTo(help);
    }
    assertThat(run("help", "session", "create").out()).contains("Usage: kubekv session create");
    assertThat(run("session", "create", "-h").out()).contains("Usage: kubekv session create");
    assertThat(run("help").out()).contains("Usage: kubekv", "completion", "members");
  }

  @ParameterizedTest
  @CsvSource(textBlock = TYPED)
  void completion_inBash_findsVerbsAndOptions(String words, String found) throws Exception {
    Path script = Files.writeString(folder.resolve("kubekv.bash"), run("completion", "bash").out());
    String[] typed = ("kubekv " + words).split(" ");
    String line =
        ". %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=%d; _complete_kubekv;"
                .formatted(
                    script,
                    String.join(" ", typed),
                    typed.length - 1,
                    String.join(" ", typed),
                    String.join(" ", typed).length())
            + " printf '%s\\n' \"${COMPREPLY[@]}\"";

    assertThat(ran("bash", "--norc", "-c", line).lines().map(String::strip)).contains(found);
  }

  /** zsh completes what is typed at a terminal, and nothing else: it is given one. */
  @ParameterizedTest
  @CsvSource({
    "wat, watch",
    "session cr, session create",
    "get key --time, get key --timeout",
    "context us, context use",
    "put --if-ab, put --if-absent"
  })
  void completion_inZsh_completesWhatIsTyped(String words, String completed) throws Exception {
    assumeTrue(isThere("zsh"), "zsh is not installed");
    Path script = Files.writeString(folder.resolve("kubekv.zsh"), run("completion", "zsh").out());
    Path line = folder.resolve("line");
    Path typing =
        Files.writeString(
            folder.resolve("typing.zsh"),
            """
            zmodload zsh/zpty
            zpty shell env TERM=xterm zsh -f -i
            zpty -w shell '. %s; finish() { print -r -- "$BUFFER" >%s; exit }; zle -N finish'
            zpty -w shell 'bindkey "^I" complete-word "^X" finish; print RE""ADY'
            zpty -r -m shell said '*READY*'
            zpty -w -n shell $'kubekv %s\\t\\C-x'
            while zpty -r shell said; do :; done
            """
                .formatted(script, line, words));

    String said = ran("zsh", "-f", typing.toString());

    assertThat(line).as(said).exists();
    assertThat(Files.readString(line).strip()).isEqualTo("kubekv " + completed);
  }

  @Test
  void completion_forFish_namesEveryVerbAndItsOptions() {
    String script = run("completion", "fish").out();

    assertThat(script.lines())
        .anyMatch(line -> line.contains("-a watch") && line.contains("__fish_use_subcommand"))
        .anyMatch(line -> line.contains("-a create") && line.contains("from session"))
        .anyMatch(line -> line.contains("-l if-absent") && line.contains("from put"))
        .noneMatch(line -> line.contains("warm-up"));
  }

  @ParameterizedTest
  @CsvSource(textBlock = TYPED)
  void completion_inFish_findsVerbsAndOptions(String words, String found) throws Exception {
    assumeTrue(isThere("fish"), "fish is not installed");
    Path script = Files.writeString(folder.resolve("kubekv.fish"), run("completion", "fish").out());
    String line = "source %s; complete -C 'kubekv %s'".formatted(script, words);

    assertThat(ran("fish", "--no-config", "-c", line).lines().map(each -> each.split("\t")[0]))
        .contains(found);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "get", "put", "session create", "context", "txn"})
  void man_page_hasTheHelpAndNoErrors(String verb) throws Exception {
    String[] args = ("man " + verb).strip().split(" ");
    String page = run(args).out();

    assertThat(page).contains(".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS");
    assumeTrue(isThere("groff"), "groff is not installed");
    Path file = Files.writeString(folder.resolve("page.1"), page);
    String shown = ran("groff", "-man", "-Tutf8", "-ww", "-z", file.toString());
    assertThat(shown).as("what groff says of it").isEmpty();
  }

  @Test
  void man_intoAFolder_isAPageForEachVerb() throws IOException {
    assertThat(run("man", "--dir", folder.resolve("man1").toString()).exitCode()).isZero();

    try (var pages = Files.list(folder.resolve("man1"))) {
      List<String> names = pages.map(page -> page.getFileName().toString()).sorted().toList();
      assertThat(names)
          .contains("kubekv.1", "kubekv-get.1", "kubekv-session-create.1", "kubekv-auth-can-i.1")
          .doesNotContain("kubekv-warm-up.1");
    }
    assertThat(Files.readString(folder.resolve("man1/kubekv-get.1"), StandardCharsets.UTF_8))
        .contains(".SH EXIT STATUS");
  }
}
