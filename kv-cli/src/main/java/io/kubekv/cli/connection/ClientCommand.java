package io.kubekv.cli.connection;

import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.HelpOption;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.ConnectionFailure;
import io.kubekv.client.KubekvClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A verb: it talks to a server, and its failures are exit codes. */
public abstract class ClientCommand implements Callable<Integer> {
  @Mixin ServerOptions server = new ServerOptions();

  @Mixin HelpOption help = new HelpOption();

  protected final Terminal terminal;

  protected ClientCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The environment variables that verbs read, and those that commands which they run have. */
  public static Set<String> variables() {
    Set<String> all = new TreeSet<>(Way.VARIABLES);
    all.addAll(
        Set.of(
            "KUBEKV_LOCK_KEY",
            "KUBEKV_LOCK_TOKEN",
            "KUBEKV_WATCH_EVENT",
            "KUBEKV_WATCH_KEY",
            "KUBEKV_WATCH_REVISION"));
    for (Setting setting : Setting.values()) {
      all.add(setting.variable());
    }
    return all;
  }

  /** Does it; the exit code. */
  protected abstract int run(KubekvClient client) throws Exception;

  /** Exit codes of this verb alone, for its help. */
  public Map<String, String> moreExitCodes() {
    return Map.of();
  }

  /** How long a call may take, of which somebody has said that. */
  protected final Duration timeout() {
    return way().timeout();
  }

  /** The same of a call of this verb's. */
  protected Duration callTimeout() {
    return timeout();
  }

  private Way way() {
    return server.way(terminal.environment());
  }

  @Override
  public Integer call() throws Exception {
    Way way = way();
    try (KubekvClient client = way.connect(callTimeout())) {
      return run(client);
    } catch (StoreException failure) {
      terminal.say(explain(failure, way));
      return ExitCodes.of(failure);
    } finally {
      terminal.out().flush();
    }
  }

  private static String explain(StoreException failure, Way way) {
    String said = String.valueOf(failure.getMessage());
    return switch (failure) {
      case UnavailableException unavailable ->
          ConnectionFailure.of(unavailable)
              .map(why -> ConnectionAdvice.explain(why, way))
              .orElseGet(
                  () ->
                      said
                          + " ("
                          + way.address()
                          + "; another server is chosen with --server or KUBEKV_SERVER)");
      case OverloadedException overloaded ->
          said + " (try again in " + overloaded.retryAfter().toMillis() + " ms)";
      case OutcomeUnknownException unknown ->
          said + " (" + way.address() + "); it may have been made: read, then decide";
      case UnauthenticatedException nobody ->
          said + " (say who you are: --token-file, KUBEKV_TOKEN, or --cert and --key)";
      case StoreException other -> said;
    };
  }
}
