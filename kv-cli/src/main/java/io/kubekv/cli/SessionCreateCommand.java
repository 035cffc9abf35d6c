package io.kubekv.cli;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubekv session create}. */
@Command(
    name = "create",
    description = {
      "Begins a session and prints its id.",
      "A session with a time to live ends by itself when it was not renewed for twice that time,"
          + " or with --span once for that time."
    })
final class SessionCreateCommand extends StoreCommand {
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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value (the id), json or table (value).")
  Format format = Format.VALUE;

  SessionCreateCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) {
    SessionSpec spec =
        SessionSpec.random()
            .withName(name)
            .withBehavior(behavior)
            .withLockDelay(lockDelay)
            .withSpan(span);
    Session session =
        Await.change(
            store.sessions().create(timeToLive == null ? spec : spec.withTimeToLive(timeToLive)));
    SessionTexts.print(terminal, format, session);
    return ExitCodes.DONE;
  }
}
