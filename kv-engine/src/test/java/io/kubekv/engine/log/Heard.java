package io.kubekv.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;

/** What a follower has heard. Finds by itself what no follower may hear. */
final class Heard implements Log.Listener {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final AtomicBoolean busy = new AtomicBoolean();
  private final List<LogEntry> entries = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean missed;
  private volatile boolean wanted;

  @Override
  public void decided(LogEntry entry) {
    hear(
        () -> {
          if (missed) {
            wrong.add("entry %d after `missed`".formatted(entry.position()));
          }
          entries.add(entry);
        });
  }

  @Override
  public void missed() {
    hear(
        () -> {
          if (missed) {
            wrong.add("`missed` twice");
          }
          missed = true;
        });
  }

  /** May come beside the others. */
  @Override
  public void snapshotWanted() {
    wanted = true;
  }

  private void hear(Runnable what) {
    boolean alone = busy.compareAndSet(false, true);
    synchronized (this) {
      if (!alone) {
        wrong.add("two calls at a time");
      }
      what.run();
      notifyAll();
    }
    busy.set(false);
  }

  synchronized List<LogEntry> entries() {
    assertThat(wrong).isEmpty();
    return List.copyOf(entries);
  }

  synchronized boolean hasMissed() {
    return missed;
  }

  /** Waits until so many entries have come. */
  List<LogEntry> await(int count) {
    Awaitility.await().atMost(SOON).until(() -> entries().size() >= count);
    return entries();
  }

  /** Waits until a snapshot was asked for. */
  void awaitWanted() {
    Awaitility.await().atMost(SOON).until(() -> wanted);
  }

  /** Waits until so many entries have come, or it was said that some are missed. */
  void awaitOrMissed(int count) {
    Awaitility.await().atMost(SOON).until(() -> entries().size() >= count || hasMissed());
  }
}
