package io.kubekv.etcdv3.watch;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.call.StreamTurns;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.limits.Budget;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of watches. A watch of the store is a cursor that calls when there is something; then
 * this stream takes a turn on a thread and writes as long as the client has room. For a client that
 * does not read nothing is kept but the cursors, and its requests are not taken either. All but
 * {@link #count} happens in turns, one after the other.
 */
final class WatchStream implements StreamObserver<WatchRequest> {
  private static final long NO_WATCH = -1;

  /** etcd's: its time of an election, thrice. */
  private static final long LOOK_SECONDS = 1;

  private static final int MAX_LEADERLESS = 3;

  /** How often an answer to how far the watches are begins again that events have overtaken. */
  private static final int MAX_OVERTAKEN = 16;

  private final ServerCallStreamObserver<WatchResponse> client;
  private final Setup setup;
  private final KeyValueStore store;
  private final Headers headers;
  private final Consumer<WatchStream> whenOver;
  private final Executor turns;
  private final OpenWatches watches;
  private final StreamTurns messages;
  private final LinkedHashSet<StreamWatch> ready = new LinkedHashSet<>();
  private final Set<StreamWatch> behind = new HashSet<>();
  private @Nullable Revision progress;
  private int overtaken;
  private Revision told = Revision.ZERO;
  private @Nullable ScheduledFuture<?> ticks;
  private @Nullable ScheduledFuture<?> looks;

  /** How often in a row nobody was known to write; of the timer alone. */
  private int leaderless;

  /** A client's request, until nothing else is in parts; no other is asked for until then. */
  private @Nullable WatchRequest asked;

  /** Whether it is one too many of its client's. */
  private boolean refused;

  /** What has told a part of a revision: the next is told before all else. */
  private @Nullable StreamWatch inParts;

  private boolean asks;
  private volatile boolean over;

  WatchStream(
      ServerCallStreamObserver<WatchResponse> client,
      Setup setup,
      KeyValueStore store,
      Optional<Budget> budget,
      Consumer<WatchStream> whenOver) {
    this.client = client;
    this.setup = setup;
    this.store = store;
    this.watches = new OpenWatches(budget);
    this.messages = new StreamTurns(budget, setup.threads(), () -> over);
    this.headers = new Headers(setup.members());
    this.whenOver = whenOver;
    this.turns = MoreExecutors.newSequentialExecutor(setup.threads());
    client.disableAutoRequest();
    client.setOnReadyHandler(() -> turn(() -> {}));
    client.setOnCancelHandler(() -> turns.execute(this::end));
    client.request(1);
  }

  int count() {
    return watches.count();
  }

  @Override
  public void onNext(WatchRequest request) {
    messages.take(
        use -> {
          use.end(request.getSerializedSize());
          asked(request, false);
        },
        () -> asked(request, true));
  }

  private void asked(WatchRequest request, boolean tooMuch) {
    turn(
        () -> {
          asks = true;
          asked = request;
          refused = tooMuch;
        });
  }

  @Override
  public void onError(Throwable gone) {
    turns.execute(this::end);
  }

  /** A client that asks for no more still reads what comes. */
  @Override
  public void onCompleted() {}

  /** Ends the stream when nobody has been known to write for some seconds, as in etcd. */
  void requireLeader() {
    turn(
        () ->
            looks =
                setup
                    .timer()
                    .scheduleWithFixedDelay(
                        this::lookForLeader, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS));
  }

  private void lookForLeader() {
    leaderless = setup.members().leader().isPresent() ? 0 : leaderless + 1;
    if (leaderless == MAX_LEADERLESS) {
      turns.execute(() -> fail(Failures.NO_LEADER));
    }
  }

  void stop() {
    turns.execute(() -> fail(Failures.STOPPED));
  }

  /** Does something and then whatever is possible. */
  private void turn(Runnable work) {
    turns.execute(
        () -> {
          try {
            if (!over) {
              work.run();
              pump();
            }
          } catch (UnavailableException closed) {
            fail(Failures.NO_LEADER);
          } catch (RuntimeException failure) {
            fail(Failures.told(failure).getStatus());
          }
        });
  }

  /** What a client gives back is taken also where it asks for too much. */
  private void take(WatchRequest request) {
    switch (request.getRequestUnionCase()) {
      case CREATE_REQUEST -> {
        if (refused) {
          refuse(Failures.shown(Failures.TOO_MANY_REQUESTS));
        } else {
          create(request.getCreateRequest());
        }
      }
      case CANCEL_REQUEST -> cancel(request.getCancelRequest().getWatchId());
      case PROGRESS_REQUEST -> {
        if (!refused) {
          overtaken = 0;
          askProgress();
        }
      }
      case REQUESTUNION_NOT_SET -> {}
    }
  }

  private void create(WatchCreateRequest request) {
    if (request.getStartRevision() < 0) {
      refuse(String.valueOf(Failures.COMPACTED.getDescription()));
      return;
    }
    Range range = StreamWatch.range(request);
    if (StreamWatch.isEmpty(request)) {
      refuse("mvcc: watcher range is empty");
    } else if (request.getWatchId() != 0 && watches.has(request.getWatchId())) {
      refuse("mvcc: duplicate watch ID provided on the WatchStream");
    } else if (!watches.tryOpen()) {
      refuse(Failures.shown(Failures.TOO_MANY_REQUESTS));
    } else {
      begin(request, range);
    }
  }

  private void begin(WatchCreateRequest request, Range range) {
    StreamWatch watch;
    try {
      watch = new StreamWatch(request, range, store, setup.room());
    } catch (RuntimeException failure) {
      watches.failed();
      if (failure instanceof StoreException refused && !(refused instanceof UnavailableException)) {
        refuse(Failures.shown(Failures.of(refused)));
        return;
      }
      throw failure;
    }
    watches.add(request.getWatchId(), watch);
    ready.add(watch);
    joinProgress(watch);
    client.onNext(
        WatchResponse.newBuilder()
            .setHeader(headers.of(store, watch.start()))
            .setWatchId(watch.id())
            .setCreated(true)
            .build());
    if (request.getProgressNotify() && ticks == null) {
      ticks = ticking();
    }
  }

  /** The answer to how far all watches are is also about one that comes before it is given. */
  private void joinProgress(StreamWatch watch) {
    if (progress != null && progress.isBefore(watch.first())) {
      progress = null;
      behind.clear();
    } else if (progress != null) {
      behind.add(watch);
    }
  }

  private void refuse(String why) {
    client.onNext(answer(NO_WATCH).setCreated(true).setCanceled(true).setCancelReason(why).build());
  }

  private void cancel(long id) {
    StreamWatch watch = watches.get(id);
    if (watch != null) {
      remove(watch); // first, so that who hears of it can open another
      client.onNext(answer(id).setCanceled(true).build());
    }
  }

  private void remove(StreamWatch watch) {
    watches.remove(watch);
    ready.remove(watch);
    behind.remove(watch);
  }

  private WatchResponse.Builder answer(long id) {
    return WatchResponse.newBuilder().setHeader(headers.of(store)).setWatchId(id);
  }

  /** One answer when all watches have told what was known now. */
  private void askProgress() {
    Optional<Revision> now = position();
    if (now.isPresent()
        && watches.all().stream().noneMatch(watch -> now.get().isBefore(watch.first()))) {
      progress = now.get();
      behind.addAll(watches.all());
      ready.addAll(behind);
    }
  }

  /** How far events have come; empty without watches. Those end that are found to be revoked. */
  private Optional<Revision> position() {
    while (!watches.all().isEmpty()) {
      StreamWatch any = watches.all().iterator().next();
      try {
        return Optional.of(any.position());
      } catch (PermissionDeniedException revoked) {
        client.onNext(any.revoked(headers));
        remove(any);
      }
    }
    return Optional.empty();
  }

  private ScheduledFuture<?> ticking() {
    long nanos = setup.progress().toNanos();
    long period = nanos + ThreadLocalRandom.current().nextLong(Math.max(1, nanos / 10));
    return setup
        .timer()
        .scheduleWithFixedDelay(() -> turn(this::tick), period, period, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    for (StreamWatch watch : watches.all()) {
      if (watch.tick()) {
        ready.add(watch);
      }
    }
  }

  private void pump() {
    goOn();
    if (inParts != null || over) {
      return;
    }
    if (asked != null) {
      WatchRequest request = asked;
      asked = null;
      take(request);
    }
    tellEvents();
    while (progress != null && inParts == null && behind.isEmpty() && client.isReady()) {
      tellProgress(progress);
      tellEvents();
    }
    if (asks && asked == null && client.isReady()) {
      asks = false;
      client.request(1);
    }
  }

  /** Tells the rest of what is in parts, as far as the client has room. */
  private void goOn() {
    while (inParts != null && !over && client.isReady()) {
      step(inParts);
    }
  }

  private void tellEvents() {
    while (!over && inParts == null && !ready.isEmpty() && client.isReady()) {
      step(ready.removeFirst());
      goOn();
    }
  }

  /**
   * Says how far all watches are, unless an event was told that is later: a client that goes by the
   * answer would go back. Then it is asked again, and not for ever: who is told events all the time
   * knows how far they are, and etcd leaves such questions unanswered, too.
   */
  private void tellProgress(Revision known) {
    progress = null;
    if (!known.isBefore(told)) {
      client.onNext(
          WatchResponse.newBuilder()
              .setHeader(headers.of(store, known))
              .setWatchId(NO_WATCH)
              .build());
    } else if (++overtaken <= MAX_OVERTAKEN) {
      askProgress();
    }
  }

  /** Tells some of what a watch has, and where it goes on. */
  private void step(StreamWatch watch) {
    inParts = null;
    switch (watch.tell(headers, this::tell)) {
      case PART -> inParts = watch;
      case MORE -> ready.add(watch);
      case WAIT -> {
        behind.remove(watch);
        watch.whenReady(() -> turn(() -> wake(watch)));
      }
      case OVER -> remove(watch);
    }
  }

  private void tell(WatchResponse message) {
    if (message.getEventsCount() > 0) {
      told = Revision.max(told, new Revision(message.getHeader().getRevision()));
    }
    client.onNext(message);
  }

  private void wake(StreamWatch watch) {
    if (watches.get(watch.id()) == watch) {
      ready.add(watch);
    }
  }

  private void fail(Status status) {
    if (!over) {
      end();
      client.onError(status.asRuntimeException());
    }
  }

  private void end() {
    if (!over) {
      over = true;
      watches.removeAll();
      ready.clear();
      behind.clear();
      inParts = null;
      if (ticks != null) {
        ticks.cancel(false);
      }
      if (looks != null) {
        looks.cancel(false);
      }
      whenOver.accept(this);
    }
  }
}
