package io.kubekv.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.OverloadedException;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Events;
import io.kubekv.wire.Requests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch over the network. At most {@link #AHEAD} messages are on their way or wait here: the
 * server is asked for the next when one is taken. The events of a revision are told when all have
 * come. When the stream breaks, the next one begins after the last revision that came whole; it is
 * opened by whoever asks for an event, so a watch needs no thread.
 */
final class RemoteWatch implements Watch {
  private static final int AHEAD = 16;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Calls calls;
  private final WatchRequest request;
  private final Consumer<RemoteWatch> onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Kv.WatchResponse> arrived = new ArrayDeque<>();
  private final TreeParts tree = new TreeParts();
  private @Nullable Stream stream;
  private Kv.WatchResponse.@Nullable Started started;
  private Revision next = Revision.ZERO;

  /** The events of one revision, as far as they have come and are not told. */
  private final Deque<WatchEvent> step = new ArrayDeque<>();

  /** Whether all of them have come, and some are still to be told. */
  private boolean isWhole;

  private Duration pause = Duration.ZERO;
  private long brokenNanos;
  private boolean ended;
  private boolean storeClosed;
  private @Nullable Runnable callback;

  RemoteWatch(Calls calls, WatchRequest request, Consumer<RemoteWatch> onClose) {
    this.calls = calls;
    this.request = request;
    this.onClose = onClose;
  }

  /** One stream; what comes of a former one is dropped. */
  private final class Stream extends ClientCall.Listener<Kv.WatchResponse> {
    private final ClientCall<Kv.WatchRequest, Kv.WatchResponse> call =
        calls.channel().newCall(KeyValueGrpc.getWatchMethod(), Calls.endless());
    private @Nullable StatusRuntimeException failure;

    void open(WatchRequest from) {
      call.start(this, new Metadata());
      call.request(AHEAD);
      call.sendMessage(Requests.toWire(from));
      call.halfClose();
    }

    @Override
    public void onMessage(Kv.WatchResponse message) {
      locked(
          () -> {
            if (stream == this) {
              arrived.add(message);
            }
          });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      locked(
          () -> {
            failure = status.asRuntimeException(trailers);
            if (stream == this) {
              brokenNanos = System.nanoTime();
            }
          });
    }
  }

  /** Waits until the server has begun the watch; {@link UnavailableException} when it does not. */
  void begin() {
    Duration atMost = calls.timeout();
    long left = atMost.toNanos();
    boolean again = true;
    lock.lock();
    try {
      reopen();
      while (started == null) {
        requireStoreOpen();
        if (left <= 0) {
          throw new UnavailableException("no watch was begun within " + atMost);
        }
        left = changed.awaitNanos(left);
        Kv.WatchResponse first = arrived.poll();
        if (first != null) {
          take(first);
        } else if (isBroken() && again && Calls.isBroken(failure())) {
          again = false;
          reopen();
        } else if (isBroken()) {
          throw Calls.ofRead(failure());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while beginning a watch", interrupted);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Revision start() {
    lock.lock();
    try {
      return started == null ? Revision.ZERO : new Revision(started.getRevision());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    long left = nanos(atMost);
    lock.lockInterruptibly();
    try {
      callback = null;
      while (!ended) {
        requireStoreOpen();
        Optional<WatchEvent> event = poll();
        if (event.isPresent()) {
          return event;
        }
        long pausing = isBroken() ? reopenWhenDue() : left;
        if (left <= 0) {
          return Optional.empty();
        }
        long turn = Math.min(left, pausing);
        left -= turn - changed.awaitNanos(turn);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    locked(() -> end());
    onClose.accept(this);
  }

  void storeClosed() {
    locked(
        () -> {
          storeClosed = true;
          cancel();
        });
  }

  @Override
  public boolean isWithinRevision() {
    lock.lock();
    try {
      return isWhole;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void whenReady(Runnable wake) {
    boolean ready;
    lock.lock();
    try {
      ready = ended || storeClosed || isWhole || !arrived.isEmpty();
      callback = wake;
      if (!ready && isBroken()) {
        long due = Math.max(0, brokenNanos + pause.toNanos() - System.nanoTime());
        CompletableFuture.delayedExecutor(due, TimeUnit.NANOSECONDS).execute(this::callBack);
      }
    } finally {
      lock.unlock();
    }
    if (ready) {
      callBack();
    }
  }

  private void callBack() {
    Runnable wake;
    lock.lock();
    try {
      wake = callback;
      callback = null;
    } finally {
      lock.unlock();
    }
    if (wake != null) {
      wake.run();
    }
  }

  /** The next event of a revision that has come whole. */
  private Optional<WatchEvent> poll() {
    while (!isWhole && !arrived.isEmpty()) {
      take(arrived.remove());
    }
    Optional<WatchEvent> event = isWhole ? Optional.ofNullable(step.poll()) : Optional.empty();
    isWhole = isWhole && !step.isEmpty();
    return event;
  }

  private void take(Kv.WatchResponse message) {
    if (stream != null) {
      stream.call.request(1);
    }
    if (message.hasStarted()) {
      begun(message.getStarted());
    } else {
      tree.whole(message).ifPresent(event -> add(Events.toPort(event), message));
    }
  }

  private void add(WatchEvent event, Kv.WatchResponse last) {
    step.add(event);
    isWhole = !last.getWithinRevision();
    if (event instanceof WatchEvent.HistoryGone) {
      end();
    } else if (isWhole && event.revision().next().isAfter(next)) {
      next = event.revision().next();
    }
  }

  private void begun(Kv.WatchResponse.Started now) {
    pause = Duration.ZERO;
    if (started == null) {
      started = now;
      Revision at = new Revision(now.getRevision());
      next = request.start() instanceof WatchRequest.Now ? at.next() : at;
    } else if (started.getStoreId() != now.getStoreId()) {
      end();
      step.add(new WatchEvent.HistoryGone(new Revision(now.getRevision())));
      isWhole = true;
    }
  }

  private boolean isBroken() {
    return stream == null || stream.failure != null;
  }

  private StatusRuntimeException failure() {
    StatusRuntimeException failure = stream == null ? null : stream.failure;
    return failure == null ? Status.UNKNOWN.asRuntimeException() : failure;
  }

  /** Opens the next stream, or says in how many nanoseconds it is time to. */
  private long reopenWhenDue() {
    throwUnlessPassing();
    long due = brokenNanos + pause.toNanos() - System.nanoTime();
    if (due > 0) {
      return due;
    }
    pause = pause.isZero() ? SHORTEST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    reopen();
    return LONGEST_PAUSE.toNanos();
  }

  private void reopen() {
    tree.forget();
    if (!isWhole) {
      step.clear();
    }
    Stream opened = new Stream();
    stream = opened;
    opened.open(started == null ? request : WatchRequest.from(request.range(), next));
  }

  /** Throws what will not pass by itself. */
  private void throwUnlessPassing() {
    RuntimeException meaning = Calls.ofRead(failure());
    if (!(meaning instanceof UnavailableException) && !(meaning instanceof OverloadedException)) {
      throw meaning;
    }
  }

  private void end() {
    ended = true;
    cancel();
  }

  private void cancel() {
    arrived.clear();
    if (stream != null) {
      stream.call.cancel("the watch is closed", null);
    }
  }

  private void requireStoreOpen() {
    if (storeClosed) {
      throw new UnavailableException("the store is closed");
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    callBack();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static long nanos(Duration time) {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    return shorter(time, longest).toNanos();
  }
}
