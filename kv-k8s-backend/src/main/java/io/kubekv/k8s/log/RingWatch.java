package io.kubekv.k8s.log;

import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.HttpObjectApi;
import io.kubekv.k8s.api.ObjectApi;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view of the ring up to date: one list, then one watch; again when the watch ends, is
 * silent for too long, or lacks what an answer has shown. A thread of its own.
 */
final class RingWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RingWatch.class);

  /** An API server sends a bookmark about every minute. */
  private static final Duration SILENCE = Duration.ofSeconds(90);

  private static final Duration SUSPICION = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final ObjectApi api;
  private final RingView view;
  private final int slots;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<Void> listed = new CompletableFuture<>();
  private final AtomicReference<@Nullable Expected> expected = new AtomicReference<>();
  private volatile boolean suspected;
  private volatile @Nullable Thread thread;

  /** The failure that was told last; the thread's alone. */
  private String told = "";

  private volatile ObjectApi.@Nullable Stream open;
  private final AtomicLong lists = new AtomicLong();
  private volatile long heardNanos = System.nanoTime();

  /** An entry that stands in the log, and is to be shown by then. */
  private record Expected(long position, long byNanos) {}

  /** What one watch has shown; its stream may outlive it. */
  private final class Hearing implements ObjectApi.Listener {
    private final CompletableFuture<Optional<ApiFailure>> over = new CompletableFuture<>();

    @Override
    public void changed(ApiObject object) {
      hear(() -> view.changed(object));
    }

    @Override
    public void removed(ApiObject object) {
      hear(() -> view.removed(object));
    }

    private void hear(Runnable news) {
      if (!over.isDone()) {
        heardNanos = System.nanoTime();
        try {
          news.run();
        } catch (RuntimeException unforeseen) {
          over.completeExceptionally(unforeseen);
        }
      }
    }

    @Override
    public void bookmark() {
      if (!over.isDone()) {
        heardNanos = System.nanoTime();
      }
    }

    @Override
    public void ended(Optional<ApiFailure> failure) {
      over.complete(failure);
    }
  }

  RingWatch(ObjectApi api, RingView view, int slots) {
    this.api = api;
    this.view = view;
    this.slots = slots;
  }

  /** Begins; called once. */
  void start() {
    thread = Thread.ofVirtual().name("kubekv-log").start(this::run);
  }

  /** Completes when the ring has been seen for the first time. */
  CompletableFuture<Void> listed() {
    return listed;
  }

  /** How often it has listed. */
  long lists() {
    return lists.get();
  }

  /** How long ago a list or a watch brought anything. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardNanos);
  }

  /** An entry stands in the log, so that the watch has to show it soon. */
  void expect(long position) {
    expected.set(new Expected(position, System.nanoTime() + SUSPICION.toNanos()));
  }

  /** Something does not fit what was shown: list again at once. */
  void suspect() {
    suspected = true;
  }

  private void run() {
    Duration pause = SHORTEST_PAUSE;
    try {
      do {
        long begun = System.nanoTime();
        Optional<ApiFailure> failure = attempt();
        boolean lasted = System.nanoTime() - begun > LONGEST_PAUSE.toNanos();
        pause = failure.isEmpty() || lasted ? SHORTEST_PAUSE : longer(pause);
        pause = failure.flatMap(ApiFailure::retryAfter).orElse(pause);
        failure.ifPresent(why -> log.debug("the log is watched again: {}", why));
      } while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** Whatever comes of one list and watch, the next one comes. */
  private Optional<ApiFailure> attempt() throws InterruptedException {
    try {
      return once();
    } catch (RuntimeException unforeseen) {
      String what = String.valueOf(unforeseen);
      if (!what.equals(told)) {
        told = what;
        log.error("the log's watch failed in a way that nobody expected; tried again", unforeseen);
      }
      return Optional.of(new ApiFailure.Unreachable(what));
    }
  }

  /** One list and one watch, until it ends. */
  private Optional<ApiFailure> once() throws InterruptedException {
    String version;
    expected.set(null);
    suspected = false;
    long followers = view.followers();
    Ring.Reading reading = view.reading(slots);
    try {
      version = api.list(LogKinds.SLOT, true, reading::take).get();
    } catch (ExecutionException failed) {
      return Optional.of(HttpObjectApi.failureOf(failed));
    }
    view.listed(reading, followers);
    lists.incrementAndGet();
    heardNanos = System.nanoTime();
    listed.complete(null);
    Hearing hearing = new Hearing();
    ObjectApi.Stream stream = api.watch(LogKinds.SLOT, version, hearing);
    open = stream;
    try {
      while (true) {
        try {
          return hearing.over.get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException running) {
          if (isLate()) {
            hearing.over.complete(Optional.empty());
          }
        } catch (ExecutionException unforeseen) {
          throw new IllegalStateException(unforeseen.getCause());
        }
      }
    } finally {
      stream.close();
    }
  }

  private boolean isLate() {
    long now = System.nanoTime();
    Expected wanted = expected.get();
    boolean lacks =
        wanted != null
            && now - wanted.byNanos() > 0
            && view.ask(Ring::newest).orElse(0L) < wanted.position();
    return lacks || suspected || now - heardNanos > SILENCE.toNanos();
  }

  @Override
  public void close() {
    closed.countDown();
    ObjectApi.Stream stream = open;
    if (stream != null) {
      stream.close();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
