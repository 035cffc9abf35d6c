package io.kubekv.cli.session;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubekv session create}. */
@Command(
    name = "create",
    description = {
      "Begins a session and prints its id.",
      "A session with a time to live ends by itself when it was not renewed for twice that time,"
          + " or with --span once for that time."
    })
public final class SessionCreateCommand extends StoreCommand {
  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "How long it surely lives without a renewal (for ever).")
  @Nullable Duration timeToLive;

  @Option(names = "--name", paramLabel = "TEXT", description = "A name for people.")
  String name = "";

  @Option(
      names = "--behavior",
      paramLabel = "release|delete",
      description = "What becomes of the keys that it holds when it ends (release).")
  SessionBehavior behavior = SessionBehavior.RELEASE;

  @Option(
      names = "--lock-delay",
      paramLabel = "DURATION",
      description = "How long those keys cannot be locked after its end, at most 60s (0s).")
  Duration lockDelay = Duration.ZERO;

  @Option(
      names = "--span",
      paramLabel = "twice|once",
      description = "How many times its time to live it lives without a renewal (twice).")
  SessionSpan span = SessionSpan.TWICE;

  @Mixin TableOptions output = new TableOptions(Format.VALUE);

  public SessionCreateCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    if (timeToLive != null && !timeToLive.isPositive()) {
      throw new IllegalArgumentException(
          "--ttl 0s is no time to live: leave it out for a session that does not end by itself");
    }
    SessionSpec spec =
        SessionSpec.random()
            .withName(name)
            .withBehavior(behavior)
            .withLockDelay(lockDelay)
            .withSpan(span);
    Session session =
        Await.change(
            store.sessions().create(timeToLive == null ? spec : spec.withTimeToLive(timeToLive)));
    SessionTexts.print(terminal, output, session);
    return ExitCodes.DONE;
  }
}
