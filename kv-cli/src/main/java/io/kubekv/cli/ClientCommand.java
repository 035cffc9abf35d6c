package io.kubekv.cli;

import io.kubekv.OverloadedException;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.client.KubekvClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb: it talks to a server, and its failures are exit codes. */
abstract class ClientCommand implements Callable<Integer> {
  @Mixin ServerOptions server = new ServerOptions();

  @Option(names = "--help", usageHelp = true, description = "Shows this help, and exits.")
  boolean help;

  final Terminal terminal;

  ClientCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Does it; the exit code. */
  abstract int run(KubekvClient client) throws Exception;

  /** Exit codes of this verb alone, for its help. */
  Map<String, String> moreExitCodes() {
    return Map.of();
  }

  KubekvClient connect() {
    return server.connect(terminal.environment());
  }

  @Override
  public Integer call() throws Exception {
    try (KubekvClient client = connect()) {
      return run(client);
    } catch (StoreException failure) {
      terminal.say(explain(failure));
      return ExitCodes.of(failure);
    } finally {
      terminal.out().flush();
    }
  }

  private String explain(StoreException failure) {
    String at = server.address(terminal.environment());
    return switch (failure) {
      case UnavailableException unavailable ->
          unavailable.getMessage()
              + " ("
              + at
              + "; another server is chosen with --server or KUBEKV_SERVER)";
      case OverloadedException overloaded ->
          overloaded.getMessage() + " (try again in " + overloaded.retryAfter().toMillis() + " ms)";
      case StoreException other -> String.valueOf(other.getMessage());
    };
  }
}
