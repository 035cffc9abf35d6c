package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientRunTest {
  @TempDir private Path folder;

  @Test
  void of_aProgramThatPasses_countsItsChecks() throws IOException {
    assertThat(run("echo ok one; echo; echo ok two"))
        .isEqualTo(new ClientRun(2, 2, List.of(), List.of()));
  }

  @Test
  void of_aProgramThatComplains_keepsWhatItSaid() throws IOException {
    ClientRun run = run("echo ok one; echo not ok two; echo '    expected 1' >&2");

    assertThat(run.made()).isEqualTo(2);
    assertThat(run.passed()).isEqualTo(1);
    assertThat(run.complaints()).containsExactly("not ok two", "    expected 1");
  }

  @Test
  void of_aProgramThatBreaksOff_countsThatAsFailed() throws IOException {
    ClientRun run = run("echo ok one; exit 7");

    assertThat(run.made()).isEqualTo(2);
    assertThat(run.passed()).isEqualTo(1);
    assertThat(run.complaints()).containsExactly("it broke off with code 7");
  }

  @Test
  void of_aProgramThatMeetsAKnownDifference_tellsItAndPasses() throws IOException {
    assertThat(run("echo ok one; echo 'differs two: no users here'"))
        .isEqualTo(new ClientRun(2, 2, List.of("differs two: no users here"), List.of()));
  }

  @Test
  void of_anyProgram_getsTheUrlAndTheName() throws IOException {
    assertThat(run("echo ok one; echo \"$1 $2\"").complaints())
        .containsExactly("http://127.0.0.1:1 kubekv");
  }

  @Test
  void of_aProgramThatSaysNothing_countsThatAsFailed() throws IOException {
    assertThat(run("exit 0"))
        .isEqualTo(new ClientRun(1, 0, List.of(), List.of("it checked nothing")));
  }

  private ClientRun run(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return ClientRun.of(program, "http://127.0.0.1:1", "kubekv");
  }
}
