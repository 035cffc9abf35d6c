package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * The verbs that scripts call most, on a server that knows one answer to each: what the launcher
 * records for an ahead-of-time cache, where there is no server of kubekv.
 */
@Command(name = "warm-up", hidden = true, description = "Runs some verbs and exits.")
final class WarmUpCommand implements Callable<Integer> {
  private static final List<List<String>> VERBS =
      List.of(
          List.of("put", "warm/up", "value", "-o", "json"),
          List.of("get", "warm/up"),
          List.of("get", "warm/up", "-o", "json"),
          List.of("list", "warm/"),
          List.of("watch", "warm/up", "--oldest", "--count", "1"),
          List.of("delete", "warm/up"),
          List.of("version"));

  @Override
  public Integer call() throws IOException {
    try (WarmUpServer server = WarmUpServer.open()) {
      for (List<String> verb : VERBS) {
        int exitCode = run(server.address(), verb.toArray(String[]::new));
        if (exitCode != ExitCodes.DONE) {
          throw new IOException("kubekv " + String.join(" ", verb) + " ended with " + exitCode);
        }
      }
    }
    return ExitCodes.DONE;
  }

  private static int run(String address, String... verb) {
    PrintStream nobody =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            Map.of("KUBEKV_SERVER", address),
            new ByteArrayInputStream(new byte[0]),
            nobody,
            nobody,
            "");
    return Main.program(terminal, verb).execute(verb);
  }
}
