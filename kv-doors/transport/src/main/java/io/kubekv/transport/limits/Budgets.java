package io.kubekv.transport.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budgets of all clients, by name. One is kept as long as anything is open on it, and for a
 * while after that among the latest ten thousand. Thread-safe.
 */
public final class Budgets implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Budgets.class);
  private static final int MOST_QUIET = 10_000;
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final long LOOK_MILLIS = 5;

  private final ClientLimits limits;
  private final int maxWatches;
  private final Ticker ticker;
  private final LimitHits hits = new LimitHits();
  private final Room room;
  private final Unsent unsent;
  private final AtomicInteger watches = new AtomicInteger();
  private final Set<Budget> waitedFor = ConcurrentHashMap.newKeySet();

  /** Whether the timer runs, or never shall. */
  private final AtomicBoolean looking;

  /** Whether the timer's last look failed; its thread's alone. */
  private boolean failing;

  private final Cache<String, Budget> inUse = Caffeine.newBuilder().weakValues().build();
  private final Cache<String, Budget> recent;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("kubekv-limits").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param limits each client's
   * @param maxWatches that all clients together may have open
   */
  public Budgets(ClientLimits limits, int maxWatches) {
    this(limits, maxWatches, Room.eighthOfHeap(), Unsent.ofHeap());
  }

  /**
   * As above.
   *
   * @param workingBytes for what is made of large values and listings, all clients' together
   * @param unsent counts what clients do not take
   */
  public Budgets(ClientLimits limits, int maxWatches, long workingBytes, Unsent unsent) {
    this(limits, maxWatches, workingBytes, unsent, Ticker.systemTicker(), true);
  }

  /** Those whose clock is the caller's, and which look only when they are told to. */
  Budgets(ClientLimits limits, int maxWatches, Ticker ticker) {
    this(limits, maxWatches, Room.eighthOfHeap(), Unsent.ofHeap(), ticker, false);
  }

  private Budgets(
      ClientLimits limits,
      int maxWatches,
      long workingBytes,
      Unsent unsent,
      Ticker ticker,
      boolean byThemselves) {
    this.looking = new AtomicBoolean(!byThemselves);
    this.limits = limits;
    this.maxWatches = maxWatches;
    this.unsent = unsent;
    this.ticker = ticker;
    this.room = new Room(workingBytes, limits.patience(), hits);
    this.recent =
        Caffeine.newBuilder()
            .maximumSize(MOST_QUIET)
            .expireAfterAccess(QUIET)
            .ticker(ticker)
            .build();
  }

  /**
   * A client's.
   *
   * @param client a user's name, or an address where nobody says who they are
   */
  public Budget of(String client) {
    return recent.get(
        client, name -> inUse.get(name, unknown -> new Budget(unknown, this, limits, now())));
  }

  /** How often each limit was met. */
  public LimitHits hits() {
    return hits;
  }

  /** The memory that all share for what is large. */
  public Room room() {
    return room;
  }

  /** What clients have not taken yet. */
  public Unsent unsent() {
    return unsent;
  }

  /** Watches that are open, all clients' together. */
  public int watches() {
    return watches.get();
  }

  int maxWatches() {
    return maxWatches;
  }

  long now() {
    return ticker.read();
  }

  boolean watchBegins() {
    if (watches.incrementAndGet() > maxWatches) {
      watches.decrementAndGet();
      return false;
    }
    return true;
  }

  void watchEnds() {
    watches.decrementAndGet();
  }

  /** Has a budget looked after until nothing waits for it. */
  void someWait(Budget budget) {
    waitedFor.add(budget);
    if (looking.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    var unused = timer.schedule(this::lookLater, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void lookLater() {
    try {
      look();
      failing = false;
    } catch (RuntimeException unexpected) {
      if (!failing) {
        log.error("a request that waited could not be let on; the others go on", unexpected);
      }
      failing = true;
    }
    if (!waitedFor.isEmpty()) {
      schedule();
      return;
    }
    looking.set(false);
    if (!waitedFor.isEmpty() && looking.compareAndSet(false, true)) {
      schedule();
    }
  }

  /**
   * Lets those begin whose turn it is now, and refuses those who have waited for too long. One that
   * fails keeps no other back.
   *
   * @throws RuntimeException the first failure, when all have been looked at
   */
  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a concurrent set
  void look() {
    @Nullable RuntimeException failure = null;
    for (Budget budget : waitedFor) {
      try {
        budget.look();
      } catch (RuntimeException unexpected) {
        failure = failure == null ? unexpected : failure;
      }
      if (!budget.isWaitedFor()) {
        waitedFor.remove(budget);
        if (budget.isWaitedFor()) {
          waitedFor.add(budget);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Looks no more; whoever waits is left to whoever closes its connection. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
