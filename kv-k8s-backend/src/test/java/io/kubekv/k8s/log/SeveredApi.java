package io.kubekv.k8s.log;

import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiKind;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API server from which a test cuts a log off: what an embedded server does to itself, for one
 * that cannot be told to. Thread-safe.
 */
final class SeveredApi implements ObjectApi {
  private static final ApiFailure CUT = new ApiFailure.NoAnswer("the test has cut the connection");

  private final ObjectApi api;
  private final Set<Cuttable> watches = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private final AtomicInteger requestsToLose = new AtomicInteger();
  private volatile boolean severed;

  SeveredApi(ObjectApi api) {
    this.api = api;
  }

  /** The next entry reaches the server, and its answer is lost. */
  void loseNextAnswer() {
    answersToLose.incrementAndGet();
  }

  /** The next entry never reaches the server. */
  void loseNextRequest() {
    requestsToLose.incrementAndGet();
  }

  /** Nothing passes any more, either way. */
  void sever() {
    severed = true;
    cutWatches();
  }

  boolean isSevered() {
    return severed;
  }

  void heal() {
    severed = false;
  }

  void cutWatches() {
    watches.forEach(Cuttable::cut);
  }

  private static <T> CompletableFuture<T> cut() {
    return CompletableFuture.failedFuture(new ApiCallException(CUT));
  }

  private <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> request) {
    return severed
        ? cut()
        : request
            .get()
            .thenCompose(answer -> severed ? cut() : CompletableFuture.completedFuture(answer));
  }

  @Override
  public CompletableFuture<Void> create(ApiKind kind, String name, ObjectNode spec) {
    return ask(() -> api.create(kind, name, spec));
  }

  @Override
  public CompletableFuture<Void> replace(
      ApiKind kind, String name, String version, ObjectNode spec, String note) {
    boolean entry = kind.equals(LogKinds.SLOT);
    if (entry && takeOne(requestsToLose)) {
      return cut();
    }
    boolean lost = entry && takeOne(answersToLose);
    CompletableFuture<Void> answer = ask(() -> api.replace(kind, name, version, spec, note));
    return lost ? answer.thenCompose(done -> cut()) : answer;
  }

  private static boolean takeOne(AtomicInteger faults) {
    return faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  @Override
  public CompletableFuture<Void> remove(ApiKind kind, ApiObject object) {
    return ask(() -> api.remove(kind, object));
  }

  @Override
  public CompletableFuture<Optional<ApiObject>> get(ApiKind kind, String name) {
    return ask(() -> api.get(kind, name));
  }

  @Override
  public CompletableFuture<String> list(ApiKind kind, boolean contents, Consumer<ApiObject> each) {
    return ask(() -> api.list(kind, contents, each));
  }

  @Override
  public Stream watch(ApiKind kind, String version, Listener listener) {
    Cuttable watch = new Cuttable(listener);
    watches.add(watch);
    if (severed) {
      Thread.ofVirtual().start(watch::cut);
    } else {
      watch.opened(api.watch(kind, version, watch));
    }
    return watch;
  }

  /** A watch that ends when the test says so; nothing is heard after that. */
  private final class Cuttable implements Listener, Stream {
    private final Listener listener;
    private Optional<Stream> stream = Optional.empty();
    private boolean over;

    Cuttable(Listener listener) {
      this.listener = listener;
    }

    synchronized void opened(Stream opened) {
      stream = Optional.of(opened);
      if (over) {
        opened.close();
      }
    }

    void cut() {
      ended(Optional.of(CUT));
      close();
    }

    @Override
    public synchronized void changed(ApiObject object) {
      if (!over) {
        listener.changed(object);
      }
    }

    @Override
    public synchronized void removed(ApiObject object) {
      if (!over) {
        listener.removed(object);
      }
    }

    @Override
    public synchronized void bookmark() {
      if (!over) {
        listener.bookmark();
      }
    }

    @Override
    public synchronized void ended(Optional<ApiFailure> failure) {
      watches.remove(this);
      if (!over) {
        over = true;
        listener.ended(failure);
      }
    }

    @Override
    public synchronized void close() {
      watches.remove(this);
      stream.ifPresent(Stream::close);
    }
  }
}
