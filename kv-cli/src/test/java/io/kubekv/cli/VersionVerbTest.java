package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class VersionVerbTest {
  private static final BuildInfo BUILD =
      new BuildInfo("1.2.3", "0123abcd", "2026-11-23T10:00:00Z", true, "image");

  private static String say(BuildInfo build, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream text = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(Map.of(), InputStream.nullInputStream(), text, text, "");
    CommandLine verb = new CommandLine(new VersionCommand(terminal, build));
    Verbs.join(verb);

    assertThat(verb.execute(args)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void version_saysWhatTheProgramIs() {
    assertThat(say(BUILD).lines())
        .containsExactly(
            "kubekv     1.2.3",
            "revision   0123abcd, modified",
            "committed  2026-11-23T10:00:00Z",
            "packaging  image",
            "Java       " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
  }

  @Test
  void json_isOneObject() {
    JsonNode said = Json.MAPPER.readTree(say(BUILD, "-o", "json"));

    assertThat(said.get("version").asString()).isEqualTo("1.2.3");
    assertThat(said.get("revision").asString()).isEqualTo("0123abcd");
    assertThat(said.get("modified").asBoolean()).isTrue();
    assertThat(said.get("packaging").asString()).isEqualTo("image");
    assertThat(said.get("java").asString()).isEqualTo(Runtime.version().toString());
  }

  @Test
  void value_isTheVersionAlone() {
    assertThat(say(BUILD, "--output", "value")).isEqualToIgnoringNewLines("1.2.3");
  }

  @Test
  void withoutARepository_theRevisionIsUnknown() {
    BuildInfo build = BuildInfo.of(null, new Properties(), "class path");

    assertThat(build)
        .isEqualTo(new BuildInfo("development", "unknown", "unknown", false, "class path"));
    assertThat(say(build).lines()).contains("revision   unknown", "committed  unknown");
  }

  @Test
  void fromARepository_theRevisionIsTheCommit() {
    Properties git = new Properties();
    git.setProperty("git.commit.id.full", "0123abcd");
    git.setProperty("git.commit.time", "2026-11-23T10:00:00Z");
    git.setProperty("git.dirty", "true");

    assertThat(BuildInfo.of("1.2.3", git, "image")).isEqualTo(BUILD);
  }

  @Test
  void theProgramHasTheVerb() {
    ServerUnderTest.Ran ran =
        ServerUnderTest.run(Map.of(), new ByteArrayOutputStream(), new byte[0], "version");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.lines()).hasSize(5).first().asString().startsWith("kubekv     ");
  }
}
