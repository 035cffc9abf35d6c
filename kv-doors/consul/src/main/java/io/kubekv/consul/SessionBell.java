package io.kubekv.consul;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Rings when a session begins or ends. One thread waits for all queries, and only while there are
 * any. Thread-safe.
 */
final class SessionBell implements Bell, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final SessionId NOBODY = SessionId.random();

  private final KeyValueStore store;
  private final Executor threads;
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private Revision seen = Revision.ZERO;
  private boolean attended;
  private @Nullable Thread attendant;

  SessionBell(KeyValueStore store, Executor threads) {
    this.store = store;
    this.threads = threads;
  }

  private record Waiting(Revision after, Parked parked) {}

  @Override
  public void listen(Revision after, Parked parked) {
    Waiting mine = new Waiting(after, parked);
    if (isLate(mine)) {
      parked.wake();
    } else {
      parked.onEnd(() -> forget(mine));
    }
  }

  /** Whether the change it waits for is known already; if not, it is waited for. */
  private synchronized boolean isLate(Waiting mine) {
    if (attended && seen.isAfter(mine.after())) {
      return true;
    }
    waiting.add(mine);
    if (!attended) {
      attended = true;
      threads.execute(this::attend);
    }
    return false;
  }

  private synchronized void forget(Waiting mine) {
    waiting.remove(mine);
  }

  private void attend() {
    try {
      while (isAwaited(Thread.currentThread())) {
        Revision changed =
            Await.read(store.sessions().get(NOBODY, Freshness.LINEARIZABLE)).changed();
        upTo(changed).forEach(Parked::wake);
        Await.interruptibly(store.sessions().awaitChange(changed, PATIENCE));
      }
    } catch (RuntimeException unavailable) {
      leave().forEach(Parked::wake);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      leave().forEach(Parked::wake);
    }
  }

  private synchronized boolean isAwaited(Thread me) {
    attended = !waiting.isEmpty();
    attendant = attended ? me : null;
    return attended;
  }

  /** Those whose change has come. */
  private synchronized List<Parked> upTo(Revision changed) {
    seen = changed;
    return waiting.stream()
        .filter(one -> changed.isAfter(one.after()))
        .map(Waiting::parked)
        .toList();
  }

  /** Everybody: who asks again learns why nothing can be waited for. */
  private synchronized List<Parked> leave() {
    attended = false;
    attendant = null;
    List<Parked> all = new ArrayList<>();
    waiting.forEach(one -> all.add(one.parked()));
    return all;
  }

  /** Ends the thread that waits; those for whom it waits are answered from what is known. */
  @Override
  public synchronized void close() {
    if (attendant != null) {
      attendant.interrupt();
    }
  }
}
