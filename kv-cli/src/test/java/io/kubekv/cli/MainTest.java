package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The program of those whose server runs elsewhere. */
class MainTest {
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
}
