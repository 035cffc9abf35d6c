package io.kubekv.engine;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.ClockDriver;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine over a log in memory, whose link to it can fail. */
final class LogHarness implements StoreHarness {
  private final MemoryLog log = new MemoryLog();
  private final DrivenTime time = new DrivenTime(this::passed);
  private final EngineSettings settings;
  private final FaultyLink link;
  private TestLease lease = new TestLease(true);
  private volatile EngineStore store;

  /**
   * @param every one in so many appends, answers and events gets lost; 0 for none
   */
  LogHarness(StoreSpec spec, int every) {
    this.link = new FaultyLink(every);
    this.settings =
        time.drives(
            EngineSettings.DEFAULT
                .withLimits(spec.limits())
                .withHistoryBytes(spec.historyBytes())
                .withPatience(Duration.ofSeconds(60))
                .withHolding(Duration.ofMillis(200))
                .withPause(Duration.ofMillis(1)));
    this.store = EngineStore.open(log.client(link), lease, settings);
  }

  /** Loses what it is told to lose, and holds back everything while it is cut. */
  private static final class FaultyLink implements MemoryLog.Link {
    private final int every;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicInteger nextAnswers = new AtomicInteger();
    private final AtomicInteger nextRequests = new AtomicInteger();
    private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    FaultyLink(int every) {
      this.every = every;
    }

    private static boolean takeOne(AtomicInteger left) {
      return left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
    }

    private boolean turn(AtomicInteger counter) {
      return every > 0 && counter.incrementAndGet() % every == 0;
    }

    @Override
    public void carry(Runnable message) {
      if (cut) {
        heldBack.add(message);
      } else {
        message.run();
      }
    }

    @Override
    public boolean losesAnswer() {
      return takeOne(nextAnswers) || turn(answers);
    }

    @Override
    public boolean losesRequest() {
      return takeOne(nextRequests) || turn(requests);
    }

    @Override
    public boolean losesEvent() {
      return turn(events);
    }

    private void mend() {
      cut = false;
      for (Runnable message = heldBack.poll(); message != null; message = heldBack.poll()) {
        message.run();
      }
    }
  }

  /** Lets the store end what is due, if it serves. */
  private void passed() {
    try {
      boolean unused = store.endWhatIsDue().join();
    } catch (CompletionException notServing) {
      // it does when it serves again
    }
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ClockDriver clock() {
    return time;
  }

  @Override
  public void loseNextAnswer() {
    link.nextAnswers.incrementAndGet();
  }

  @Override
  public void loseNextRequest() {
    link.nextRequests.incrementAndGet();
  }

  @Override
  public void makeUnavailable() {
    link.cut = true;
    lease.lose();
  }

  @Override
  public void heal() {
    link.mend();
    lease.take();
  }

  /** Every replica hears again of everything that it may have missed. */
  @Override
  public void dropConnections() {
    log.tellAll();
  }

  @Override
  public void restart() {
    store.close();
    boolean reachable = !link.cut;
    lease = new TestLease(reachable);
    store = EngineStore.open(log.client(link), lease, settings);
  }

  @Override
  public void close() {
    store.close();
  }
}
