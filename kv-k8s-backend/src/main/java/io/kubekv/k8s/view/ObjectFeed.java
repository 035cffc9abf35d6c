package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the objects: one list, then one watch that is begun again where it ended. The
 * watch's threads only queue; everything else belongs to the view's thread.
 */
final class ObjectFeed implements AutoCloseable {
  /** Something that happened to an object. */
  record Event(ViewObject object, boolean isRemoval) {}

  private final ObjectsApi api;
  private final Function<GenericKubernetesResource, ViewObject> form;
  private @Nullable Ears ears;
  private ObjectsApi.@Nullable Stream stream;

  /**
   * @param form reads an object
   */
  ObjectFeed(ObjectsApi api, Function<GenericKubernetesResource, ViewObject> form) {
    this.api = api;
    this.form = form;
  }

  /** One watch, and how far it has come. */
  private static final class Ears implements ObjectsApi.Listener {
    /** What happened since the list, and has not been looked at. */
    private final Queue<Event> events;

    private final Function<GenericKubernetesResource, ViewObject> form;
    private volatile String position;
    private volatile boolean over;
    private volatile Optional<ApiFailure> failure = Optional.empty();

    Ears(
        String position,
        Queue<Event> events,
        Function<GenericKubernetesResource, ViewObject> form) {
      this.events = events;
      this.form = form;
      this.position = position;
    }

    @Override
    public void changed(GenericKubernetesResource object) {
      queue(object, false);
    }

    @Override
    public void removed(GenericKubernetesResource object) {
      queue(object, true);
    }

    private void queue(GenericKubernetesResource object, boolean isRemoval) {
      try {
        events.add(new Event(form.apply(object), isRemoval));
        at(object.getMetadata().getResourceVersion());
      } catch (RuntimeException unreadable) {
        // nobody would hear of it on this thread, and the event would be missing
        ended(Optional.of(new ApiFailure.Gone("an event cannot be read: " + unreadable)));
      }
    }

    @Override
    public void at(String version) {
      position = version;
    }

    @Override
    public void ended(Optional<ApiFailure> why) {
      failure = why;
      over = true;
    }
  }

  /**
   * Lists the objects and watches from there. A deletion that no watch has shown is not known: that
   * object comes back.
   */
  List<ViewObject> list() throws ApiCallException {
    close();
    List<ViewObject> objects = new ArrayList<>();
    String at = api.list(object -> objects.add(form.apply(object)));
    watch(at, new ConcurrentLinkedQueue<>());
    return objects;
  }

  /**
   * Goes on watching where a watch has ended.
   *
   * @return false when that is not possible, so that the objects must be listed
   * @throws ApiCallException why the watch ended, once, or cannot be begun
   */
  boolean resume() throws ApiCallException {
    Ears hearing = ears;
    if (hearing == null) {
      return false;
    }
    if (!hearing.over) {
      return true;
    }
    Optional<ApiFailure> failure = hearing.failure;
    hearing.failure = Optional.empty();
    if (failure.isPresent() && failure.get() instanceof ApiFailure.Gone) {
      return false;
    }
    if (failure.isPresent()) {
      throw new ApiCallException(failure.get());
    }
    end();
    watch(hearing.position, hearing.events);
    return true;
  }

  /** The next thing that has happened. Never waits. */
  Optional<Event> next() {
    Ears hearing = ears;
    return hearing == null ? Optional.empty() : Optional.ofNullable(hearing.events.poll());
  }

  private void watch(String after, Queue<Event> events) throws ApiCallException {
    Ears fresh = new Ears(after, events, form);
    stream = api.watch(after, fresh);
    ears = fresh;
  }

  @Override
  public void close() {
    end();
    ears = null;
  }

  private void end() {
    ObjectsApi.Stream open = stream;
    if (open != null) {
      open.close();
      stream = null;
    }
  }
}
