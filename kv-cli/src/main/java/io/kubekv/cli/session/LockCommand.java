package io.kubekv.cli.session;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.cli.connection.ClientCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import io.kubekv.client.HeldLock;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LockOptions;
import io.kubekv.client.LockRefusedException;
import io.kubekv.client.Loss;
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
      "Who waits gets the lock in the order of coming. It is held as long as the connection to the"
          + " server lasts: when that breaks, as when the server stops, the lock is lost at once.",
      "When the lock is lost, the command gets SIGTERM, and SIGKILL when it still runs after"
          + " --grace; with --on-lost warn it only is reported on standard error. TERM, HUP and INT"
          + " are passed on to the command (INT not on a terminal, which sends it to both)."
    })
public final class LockCommand extends ClientCommand {
  /** What becomes of the command when its lock is lost. */
  enum OnLost {
    KILL,
    WARN
  }

  private static final String BY_OTHER =
      "another session holds it, or ended less than its lock delay ago";

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
      description =
          "For how long the lock outlives a server that was killed, up to twice that (15s).")
  Duration timeToLive = Duration.ofSeconds(15);

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "How long to wait for the lock at most; 0s: only if it is free (for ever).")
  @Nullable Duration wait;

  @Option(
      names = "--lock-delay",
      paramLabel = "DURATION",
      description =
          "How long nobody can lock the key when the lock ends without a release: its holder or its"
              + " server was killed, or they lost each other. At most 60s (0s).")
  Duration lockDelay = Duration.ZERO;

  @Option(
      names = "--value",
      paramLabel = "TEXT",
      description = "The key's value, with flags 0 (both as they are).")
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

  public LockCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, String> moreExitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put(" 125", "The lock was lost, and the command was ended.");
    codes.put(" 126", "The command cannot be run.");
    codes.put(" 127", "There is no such command.");
    codes.put(" ...", "The command's own, 128 + N when signal N ended it.");
    return codes;
  }

  @Override
  protected int run(KubekvClient client) {
    Child child = new Child(command, grace, terminal);
    int missing = child.whyNotRunnable();
    if (missing != ExitCodes.DONE) {
      terminal.say(command.getFirst() + ": no such command, or not executable");
      return missing;
    }
    Key key = Key.of(name);
    LockOptions options = options();
    // a server that cannot be reached now is told at once; one that goes later is waited for
    var unused = Await.read(client.store().get(key, Freshness.LINEARIZABLE));
    child.passSignals();
    try {
      Optional<HeldLock> held = acquire(client, key, options);
      return held.isPresent() ? hold(held.get(), child) : notLocked(BY_OTHER);
    } catch (LockRefusedException refused) {
      return notLocked(String.valueOf(refused.getMessage()));
    } catch (InterruptedException stopped) {
      return child.exitCodeOfSignal();
    }
  }

  private LockOptions options() {
    LockOptions options =
        LockOptions.DEFAULT
            .withName("kubekv lock " + name)
            .withTimeToLive(timeToLive)
            .withLockDelay(lockDelay);
    return Optional.ofNullable(value).map(Bytes::utf8).map(options::withValue).orElse(options);
  }

  private Optional<HeldLock> acquire(KubekvClient client, Key key, LockOptions options)
      throws InterruptedException {
    return wait == null
        ? Optional.of(client.lock(key, options))
        : client.tryLock(key, options, wait);
  }

  private int notLocked(String why) {
    terminal.say(Texts.line(name) + ": not locked: " + why);
    return ExitCodes.REFUSED;
  }

  private int hold(HeldLock lock, Child child) throws InterruptedException {
    try (lock) {
      return child.run(
          Map.of("KUBEKV_LOCK_KEY", name, "KUBEKV_LOCK_TOKEN", lock.token().toString()),
          lock.lost().thenApply(Loss::message).toCompletableFuture(),
          onLost);
    }
  }
}
