package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the view writes, lets a test act between its requests, and knows what it has seen.
 */
final class TappedObjects implements ObjectsApi {
  private final ObjectsApi api;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition shown = lock.newCondition();
  private long position;
  private @Nullable ApiFailure writesRefused;
  private Predicate<String> areRefused = write -> true;
  private @Nullable Tap tap;

  /** Each write, as verb and name. */
  final List<String> writes = new ArrayList<>();

  /** Each write that was refused, as verb and name. */
  final List<String> refusals = new ArrayList<>();

  /** Run once before the next write. */
  Runnable beforeWrite = () -> {};

  /** Run once after the next write that the API has done, before the view hears of it. */
  Runnable afterWrite = () -> {};

  TappedObjects(ObjectsApi api) {
    this.api = api;
  }

  private void before(String verb, String name) throws ApiCallException {
    ApiFailure refused = writesRefused;
    if (refused != null && areRefused.test(verb + " " + name)) {
      refusals.add(verb + " " + name);
      throw new ApiCallException(refused);
    }
    writes.add(verb + " " + name);
    Runnable once = beforeWrite;
    beforeWrite = () -> {};
    once.run();
  }

  private void after() {
    Runnable once = afterWrite;
    afterWrite = () -> {};
    once.run();
  }

  /** Lets every write fail like this, before it is sent; null ends it. */
  void refuseWrites(@Nullable ApiFailure failure) {
    refuseWrites(write -> true, failure);
  }

  /**
   * Lets some writes fail like this, before they are sent.
   *
   * @param which by verb and name, as in {@link #writes}
   */
  void refuseWrites(Predicate<String> which, @Nullable ApiFailure failure) {
    areRefused = which;
    writesRefused = failure;
  }

  /** Ends the watch that is open; what happens from now on it does not show. */
  void endWatch(ApiFailure failure) {
    Tap open = tap;
    if (open != null) {
      open.isDeaf = true;
      open.listener.ended(Optional.of(failure));
    }
  }

  /** Waits until the view's watch has shown this version; false when it does not in that time. */
  boolean awaitShown(String version, Duration atMost) throws InterruptedException {
    long wanted = Long.parseLong(version);
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (position < wanted && left > 0) {
        left = shown.awaitNanos(left);
      }
      return position >= wanted;
    } finally {
      lock.unlock();
    }
  }

  private void showed(String version) {
    lock.lock();
    try {
      position = Math.max(position, Long.parseLong(version));
      shown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<GenericKubernetesResource> get(String name) throws ApiCallException {
    return api.get(name);
  }

  @Override
  public GenericKubernetesResource create(GenericKubernetesResource object)
      throws ApiCallException {
    before("create", object.getMetadata().getName());
    GenericKubernetesResource created = api.create(object);
    after();
    return created;
  }

  @Override
  public GenericKubernetesResource replace(GenericKubernetesResource next) throws ApiCallException {
    before("replace", next.getMetadata().getName());
    GenericKubernetesResource replaced = api.replace(next);
    after();
    return replaced;
  }

  @Override
  public void remove(ViewObject object) throws ApiCallException {
    before("remove", object.name());
    api.remove(object);
    after();
  }

  @Override
  public String list(Consumer<GenericKubernetesResource> each) throws ApiCallException {
    String at = api.list(each);
    showed(at);
    return at;
  }

  @Override
  public Stream watch(String after, Listener listener) throws ApiCallException {
    Tap fresh = new Tap(listener);
    tap = fresh;
    return api.watch(after, fresh);
  }

  private final class Tap implements Listener {
    private final Listener listener;
    private volatile boolean isDeaf;

    Tap(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void changed(GenericKubernetesResource object) {
      if (isDeaf) {
        return;
      }
      listener.changed(object);
      showed(object.getMetadata().getResourceVersion());
    }

    @Override
    public void removed(GenericKubernetesResource object) {
      if (isDeaf) {
        return;
      }
      listener.removed(object);
      showed(object.getMetadata().getResourceVersion());
    }

    @Override
    public void at(String version) {
      listener.at(version);
    }

    @Override
    public void ended(Optional<ApiFailure> failure) {
      listener.ended(failure);
    }
  }
}
