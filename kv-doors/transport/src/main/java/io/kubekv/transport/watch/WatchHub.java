package io.kubekv.transport.watch;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One watch of the whole store, whatever the number of clients that wait. A waiting client is a
 * small object in an index and costs no thread; an event looks only at the clients it concerns.
 *
 * <p>A client that asks for the past is registered first and then reads the past from a watch of
 * its own, up to where the hub stood when it was registered: no event is missed or comes twice.
 *
 * <p>Thread-safe. No foreign code runs under the hub's lock but the {@link
 * WatchRequirements#visible} tests.
 */
public final class WatchHub implements Watches, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KeyValueStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final WatchIndex index = new WatchIndex();
  private Revision position = Revision.ZERO;
  private final LongAdder events = new LongAdder();
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private @Nullable Watch upstream;

  private WatchHub(KeyValueStore store) {
    this.store = store;
  }

  /** Watches a store with one thread, until {@link #close}. The store stays the caller's. */
  public static WatchHub open(KeyValueStore store, ThreadFactory threads) {
    WatchHub hub = new WatchHub(store);
    threads.newThread(new Upstream(store, hub)).start();
    return hub;
  }

  @Override
  public void watch(WatchRequirements wanted, Function<Runnable, Sink> open)
      throws HistoryGoneException {
    Subscription subscription = new Subscription(wanted);
    try {
      Revision standing = register(subscription);
      if (wanted.since().isAfter(standing)) {
        open(subscription, open);
      } else {
        new Replay(store, this, subscription, standing).run(PATIENCE, open);
      }
      goLive(subscription);
    } catch (HistoryGoneException | RuntimeException e) {
      end(subscription);
      throw e;
    } catch (InterruptedException e) {
      end(subscription);
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while a watch began", e);
    }
  }

  @Override
  public int watchers() {
    return locked(index::size);
  }

  /** How many events of the store it has passed on. */
  public long events() {
    return events.sum();
  }

  /** How often an event was given to a watcher. */
  public long deliveries() {
    return deliveries.sum();
  }

  /** How many watchers were told that they may have missed something. */
  public long lost() {
    return lost.sum();
  }

  /** Up to which revision events have been passed on. */
  public Revision position() {
    return locked(() -> position);
  }

  /** Ends every watch as lost, and the one upstream. May be repeated. */
  @Override
  public void close() {
    locked(
        () -> {
          closing.countDown();
          changed.signalAll();
          Optional.ofNullable(upstream).ifPresent(Watch::close);
          return true;
        });
    subscriptions().forEach(this::lose);
  }

  private Revision register(Subscription subscription) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = PATIENCE.toNanos();
      while (upstream == null && !isClosed() && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (upstream == null || isClosed()) {
        throw new UnavailableException("the store cannot be watched now");
      }
      index.add(subscription);
      if (!subscription.since().isAfter(position)) {
        subscription.readPastTo(position);
      }
      return position;
    } finally {
      lock.unlock();
    }
  }

  void open(Subscription subscription, Function<Runnable, Sink> open) {
    Sink sink = open.apply(() -> end(subscription));
    if (locked(() -> subscription.opened(sink))) {
      sink.lost();
    }
  }

  /** Delivers what came in the meantime, until nothing is left and events may come directly. */
  private void goLive(Subscription subscription) {
    List<Occurrence> released;
    do {
      released = locked(() -> subscription.isOver() ? List.of() : subscription.release());
      for (Occurrence occurrence : released) {
        if (!isOver(subscription)) {
          pass(subscription, occurrence);
        }
      }
    } while (!released.isEmpty());
  }

  /** Hands an event to a subscription. */
  void pass(Subscription subscription, Occurrence occurrence) {
    if (!subscription.isStream()) {
      end(subscription);
    }
    deliveries.increment();
    if (!subscription.deliver(occurrence)) {
      end(subscription);
    }
  }

  boolean isOver(Subscription subscription) {
    return locked(subscription::isOver);
  }

  boolean isLive(Subscription subscription) {
    return locked(subscription::isLive);
  }

  private List<Subscription> subscriptions() {
    return locked(index::all);
  }

  private void end(Subscription subscription) {
    locked(
        () -> {
          index.remove(subscription);
          subscription.end();
          return true;
        });
  }

  void lose(Subscription subscription) {
    Optional<Sink> told =
        locked(
            () -> {
              index.remove(subscription);
              return subscription.isOver() ? Optional.empty() : subscription.lose();
            });
    told.ifPresent(
        sink -> {
          lost.increment();
          sink.lost();
        });
  }

  /**
   * The store is watched, from behind a revision on.
   *
   * @return who had been there before: the others know where they begin
   */
  List<Subscription> attach(Watch watch, Revision standing) {
    List<Subscription> before =
        locked(
            () -> {
              upstream = watch;
              position = standing;
              index.all().forEach(each -> each.hubBeginsBehind(standing));
              changed.signalAll();
              return index.all();
            });
    if (isClosed()) {
      watch.close();
    }
    return before;
  }

  /** The store cannot be watched: whoever waits may miss something. Whether it could before. */
  boolean detach() {
    boolean attached =
        locked(
            () -> {
              boolean before = upstream != null;
              upstream = null;
              return before;
            });
    subscriptions().forEach(this::lose);
    return attached;
  }

  boolean isClosed() {
    return closing.getCount() == 0;
  }

  /** Waits; true as soon as the hub is closed, false when it is not after the pause. */
  boolean isClosedWithin(Duration pause) throws InterruptedException {
    return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Passes an event on to those it concerns, one after the other, outside the lock. */
  void dispatch(WatchEvent event) {
    events.increment();
    Occurrence occurrence = new Occurrence(event);
    List<Subscription> overrun = new ArrayList<>();
    for (Subscription subscription : locked(() -> advance(occurrence, overrun))) {
      pass(subscription, occurrence);
    }
    overrun.forEach(this::lose);
  }

  /** Settles those who wait for an event that is known from behind a gap: answered or lost. */
  void dispatchToWaiters(WatchEvent difference) {
    for (Subscription waiter : locked(() -> waiters(difference))) {
      if (waiter.isAnsweredBehindGap(difference)) {
        pass(waiter, new Occurrence(difference));
      } else {
        lose(waiter);
      }
    }
  }

  private List<Subscription> waiters(WatchEvent event) {
    return index.concernedBy(event).stream()
        .filter(each -> !each.isStream() && each.isLive() && each.wants(event))
        .toList();
  }

  /** Moves the position; who is to get the event now. Those that wait only for it end here. */
  private List<Subscription> advance(Occurrence occurrence, List<Subscription> overrun) {
    WatchEvent event = occurrence.event();
    position = Revision.max(position, event.revision());
    List<Subscription> live = new ArrayList<>();
    for (Subscription subscription : index.concernedBy(event)) {
      if (!subscription.wants(event) || subscription.readsForItself(event)) {
        continue;
      }
      if (subscription.isLive()) {
        live.add(subscription);
      } else if (!subscription.hold(occurrence)) {
        overrun.add(subscription);
      }
    }
    return live;
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
