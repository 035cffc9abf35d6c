package io.kubekv.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          012|kubekv: type the value, and Ctrl-D on a line of its own at its end
          12|''
          01|''
          ''|''
          """)
  void read_tellsAPersonWhoIsToTypeIt(String people, String said) throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(Map.of(), new ByteArrayInputStream(new byte[] {7}), printed, printed, people);

    assertThat(terminal.read("the value")).containsExactly(7);
    assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo(said);
  }
}
