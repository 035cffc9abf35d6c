package io.kubekv.server.cli;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.client.RemoteStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv lock}. */
@Command(
    name = "lock",
    description = {
      "Runs a command while it holds the lock of a key, and ends with the command's exit code.",
      "Put -- before the command. Its environment has KUBEKV_LOCK_KEY and KUBEKV_LOCK_TOKEN, the"
          + " fencing token: pass it with every put that the lock guards (kubekv put --fence), and"
          + " late puts of former holders are refused. Without it a lock is no mutual exclusion.",
      "When the lock is lost, the command gets SIGTERM, and SIGKILL when it still runs after --grace;"
          + " with --on-lost warn it only is reported on standard error. TERM, HUP and INT are passed"
          + " on to the command (INT not on a terminal, which sends it to both)."
    })
final class LockCommand extends StoreCommand {
  /** What becomes of the command when its lock is lost. */
  enum OnLost {
    KILL,
    WARN
  }

  @Parameters(index = "0", paramLabel = "NAME", description = "The key to hold.")
  String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The command and its arguments.")
  List<String> command = new ArrayList<>();

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "For how long the lock surely outlives a silent kubekv lock (15s).")
  Duration timeToLive = Duration.ofSeconds(15);

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "How long to wait for the lock at most; 0s: only if it is free (for ever).")
  @Nullable Duration wait;

  @Option(
      names = "--lock-delay",
      paramLabel = "DURATION",
      description = "After the end, how long nobody can lock the key, at most 60s (0s).")
  Duration lockDelay = Duration.ZERO;

  @Option(names = "--value", paramLabel = "TEXT", description = "The key's value (as it is).")
  @Nullable String value;

  @Option(
      names = "--on-lost",
      paramLabel = "kill|warn",
      description = "What to do with the command when the lock is lost (kill).")
  OnLost onLost = OnLost.KILL;

  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      description = "How long a command has between SIGTERM and SIGKILL (10s).")
  Duration grace = Duration.ofSeconds(10);

  LockCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  Map<String, String> moreExitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put(" 125", "The lock was lost, and the command was ended.");
    codes.put(" 126", "The command cannot be run.");
    codes.put(" 127", "There is no such command.");
    codes.put(" ...", "The command's own, 128 + N when signal N ended it.");
    return codes;
  }

  /** No call may outlast the session. */
  @Override
  RemoteStore connect() {
    boolean longer = server.timeout.compareTo(timeToLive) > 0;
    return server.connect(terminal.environment(), longer ? timeToLive : server.timeout);
  }

  @Override
  int run(KeyValueStore store) {
    Child child = new Child(command, grace, terminal);
    int missing = child.whyNotRunnable();
    if (missing != ExitCodes.DONE) {
      terminal.say(command.getFirst() + ": no such command, or not executable");
      return missing;
    }
    SessionSpec session =
        SessionSpec.random().withName("kubekv lock " + name).withLockDelay(lockDelay);
    HeldKey held = HeldKey.begin(store, Key.of(name), session, timeToLive);
    child.passSignals();
    try {
      return hold(held, child);
    } catch (InterruptedException stopped) {
      return child.exitCodeOfSignal();
    } finally {
      release(held);
    }
  }

  private int hold(HeldKey held, Child child) throws InterruptedException {
    Optional<Revision> token =
        held.acquire(Optional.ofNullable(value).map(Bytes::utf8), Optional.ofNullable(wait));
    if (token.isEmpty()) {
      terminal.say(
          Texts.line(name) + ": not locked: " + held.lost().getNow("another session holds it"));
      return ExitCodes.REFUSED;
    }
    return child.run(
        Map.of("KUBEKV_LOCK_KEY", name, "KUBEKV_LOCK_TOKEN", token.get().toString()),
        held.lost(),
        onLost);
  }

  private void release(HeldKey held) {
    try {
      held.close();
    } catch (StoreException failure) {
      terminal.say(
          Texts.line(name)
              + ": the lock could not be released and ends by itself within "
              + Texts.duration(timeToLive.multipliedBy(2))
              + ": "
              + failure.getMessage());
    }
  }
}
