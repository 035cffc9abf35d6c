package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.docker.DockerKey;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one of Docker's types, as far as they are known, and our writes of them. Each
 * write names the version that it replaces. Belongs to the view's thread.
 */
final class DockerObjects implements AutoCloseable {
  private final ObjectsApi api;
  private final Surroundings around;
  private final WriteBudget budget;
  private final ObjectFeed feed;
  private final Map<String, ViewObject> index = new HashMap<>();

  DockerObjects(ObjectsApi api, Surroundings around, WriteBudget budget) {
    this.api = api;
    this.around = around;
    this.budget = budget;
    this.feed = new ObjectFeed(api, DockerForm::read);
  }

  int size() {
    return index.size();
  }

  Collection<ViewObject> all() {
    return List.copyOf(index.values());
  }

  @Nullable ViewObject get(String name) {
    return index.get(name);
  }

  /** Whether there is any, without watching them; none where the type is not there or not ours. */
  boolean isAny() throws ApiCallException {
    Map<String, ViewObject> found = new HashMap<>();
    try {
      String unused = api.list(object -> found.put("any", DockerForm.read(object)));
    } catch (ApiCallException failed) {
      ApiFailure why = failed.failure();
      if (!(why instanceof ApiFailure.NotFound || why instanceof ApiFailure.Forbidden)) {
        throw failed;
      }
    }
    return !found.isEmpty();
  }

  /**
   * Takes in what has happened to the objects.
   *
   * @return whether others have written, or may have: what they are is to be compared
   */
  boolean follow() throws ApiCallException {
    boolean isStrange = false;
    if (!feed.resume()) {
      List<ViewObject> listed = feed.list();
      index.clear();
      listed.forEach(object -> index.put(object.name(), object));
      isStrange = true;
    }
    Optional<ObjectFeed.Event> event = feed.next();
    while (event.isPresent()) {
      isStrange |= happened(event.get());
      event = feed.next();
    }
    return isStrange;
  }

  private boolean happened(ObjectFeed.Event event) {
    ViewObject object = event.object();
    ViewObject known = index.get(object.name());
    if (event.isRemoval()) {
      return known != null
          && known.uid().equals(object.uid())
          && index.remove(object.name(), known);
    }
    boolean isNews = known == null || object.isNewerThan(known);
    if (isNews) {
      index.put(object.name(), object);
    }
    return isNews;
  }

  /** Makes the object what it should be. */
  void show(DockerKey subject, Optional<Map<String, Object>> status) throws ApiCallException {
    ViewObject current = index.get(DockerForm.name(subject));
    if (status.isEmpty()) {
      if (current != null) {
        remove(current);
      }
    } else if (current == null) {
      spend();
      took(api.create(DockerForm.object(subject, status.get())));
    } else if (!current.hash().equals(DockerForm.hashOf(status.get()))) {
      replace(current, DockerForm.object(subject, status.get()));
    }
  }

  private void replace(ViewObject current, GenericKubernetesResource next) throws ApiCallException {
    spend();
    if (current.isDecorated()) {
      ObjectWrites.takeAlong(api.get(current.name()), next);
    }
    next.getMetadata().setUid(current.uid());
    next.getMetadata().setResourceVersion(Long.toUnsignedString(current.version()));
    took(api.replace(next));
  }

  /** Removes an object that shows nothing any more. */
  void remove(ViewObject object) throws ApiCallException {
    if (object.isEnding()) {
      return; // it goes when its finalizers let it
    }
    spend();
    api.remove(object);
    index.remove(object.name());
  }

  /** Takes in how an object is now. */
  void look(String name) throws ApiCallException {
    budget.take();
    Optional<GenericKubernetesResource> found = api.get(name);
    if (found.isPresent()) {
      took(found.get());
    } else {
      index.remove(name);
    }
  }

  private void took(GenericKubernetesResource object) {
    index.put(object.getMetadata().getName(), DockerForm.read(object));
  }

  private void spend() {
    if (!around.holding().getAsBoolean()) {
      throw new ObjectWrites.NotHeldException();
    }
    budget.take();
  }

  @Override
  public void close() {
    feed.close();
  }
}
