package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The program of those whose server runs elsewhere. */
class MainTest {
  /** They speak of the other verbs, and the last is always there. */
  private static final Set<String> NEED_ALL = Set.of("help", "completion", "man", "warm-up");

  private static final Terminal SILENT =
      new Terminal(
          Map.of(),
          new ByteArrayInputStream(new byte[0]),
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
          "");

  private static ServerUnderTest.Ran run(String... args) {
    return ServerUnderTest.run(Map.of(), new ByteArrayOutputStream(), new byte[0], args);
  }

  @Test
  void warmUp_runsTheVerbsWithoutAServer() {
    assertThat(run("warm-up"))
        .satisfies(ran -> assertThat(ran.err()).isEmpty())
        .extracting(ServerUnderTest.Ran::exitCode)
        .isEqualTo(0);
  }

  @Test
  void help_hasTheVerbsAndSaysWhereTheServerIs() {
    assertThat(run("--help").out())
        .contains("The server itself is not in this distribution", "get", "lock", "export")
        .doesNotContain("warm-up");
  }

  @Test
  void verbOfTheServer_isNone() {
    ServerUnderTest.Ran ran = run("serve");

    assertThat(ran.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(ran.err()).contains("serve");
  }

  @Test
  void wrongDuration_isSaidAsSuch() {
    assertThat(run("get", "a", "--timeout", "6").err())
        .contains("'6' is not a duration such as 500ms, 6s or 5m");
  }

  @Test
  void verbThatIsNamed_isTheOnlyOneMade_andTheSame() {
    Map<String, CommandLine> all = Main.program(SILENT).getSubcommands();
    for (Map.Entry<String, CommandLine> verb : all.entrySet()) {
      Map<String, CommandLine> made = Main.program(SILENT, verb.getKey()).getSubcommands();
      if (!NEED_ALL.contains(verb.getKey())) {
        assertThat(made.keySet()).containsExactlyInAnyOrder(verb.getKey(), "warm-up");
      }
      assertThat(made.get(verb.getKey()))
          .extracting(CommandLine::getUsageMessage)
          .isEqualTo(verb.getValue().getUsageMessage());
    }
    assertThat(all).hasSizeGreaterThan(10);
  }
}
