package io.kubekv.consul;

import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.transport.watch.HistoryGoneException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers reads, at once or when they are worth it (Consul 1.5, agent/consul/rpc.go:
 * blockingQuery). A query with an index waits until its answer has changed after that index.
 *
 * <p>Where a read knows when its answer last changed, that decides. Where it does not, for a list
 * or a key that is not there, the history since the client's index decides: unrelated changes wake
 * nobody, and no deletion is missed. An index that is older than the history is answered at once.
 */
final class BlockingQueries implements AutoCloseable {
  /** Clients that began to wait together do not come back together: up to this part of the wait. */
  private static final int JITTER = 16;

  private final Executor threads;
  private final ScheduledThreadPoolExecutor timer;

  BlockingQueries(Executor threads) {
    this.threads = threads;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("kubekv-consul-waits").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Answers a read, now or later.
   *
   * @param question the read; may be asked again, from another thread
   */
  void answer(Call call, ReadOptions options, Supplier<Snapshot> question, Bell bell) {
    Snapshot now = question.get();
    Revision index = options.index();
    if (!options.waits() || now.isExact() && now.index().isAfter(index)) {
      call.answer(now.response().get().at(now.index()));
      return;
    }
    Parked parked = new Parked(call, question, index, now.content(), threads);
    call.park(parked::gone);
    Future<?> end = timer.schedule(parked::timeUp, nanos(options.atMost()), TimeUnit.NANOSECONDS);
    parked.onEnd(() -> end.cancel(false));
    try {
      bell.listen(after(now, index), parked);
    } catch (HistoryGoneException forgotten) {
      parked.wake();
    } catch (StoreException failure) {
      if (parked.end()) {
        call.answer(StoreFailures.response(failure));
      }
    }
  }

  /** After which revision a change is news to the client. */
  private static Revision after(Snapshot now, Revision index) {
    return now.isExact() ? Revision.max(index, now.state()) : index;
  }

  private static long nanos(Duration wait) {
    long nanos = wait.toNanos();
    return nanos + ThreadLocalRandom.current().nextLong(nanos / JITTER + 1);
  }

  /** Ends the clock; queries that still wait are cut off with their connections. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
