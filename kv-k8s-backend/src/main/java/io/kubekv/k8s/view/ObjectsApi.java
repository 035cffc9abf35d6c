package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The objects of one type in one namespace: the seam at which tests lose, delay and count. Each
 * call is one request, blocks, and is not repeated. Thread-safe.
 */
interface ObjectsApi {
  Optional<GenericKubernetesResource> get(String name) throws ApiCallException;

  /** As the API has made it. */
  GenericKubernetesResource create(GenericKubernetesResource object) throws ApiCallException;

  /** Replaces exactly the resourceVersion that {@code next} names. */
  GenericKubernetesResource replace(GenericKubernetesResource next) throws ApiCallException;

  /** Removes exactly this object, as it was seen. */
  void remove(ViewObject object) throws ApiCallException;

  /**
   * Lists all objects, page by page; several requests.
   *
   * @return the resourceVersion of the whole list
   */
  String list(Consumer<GenericKubernetesResource> each) throws ApiCallException;

  /**
   * Begins a watch.
   *
   * @param after the resourceVersion whose later changes are wanted
   */
  Stream watch(String after, Listener listener) throws ApiCallException;

  /** A running watch. */
  interface Stream extends AutoCloseable {
    /** Ends it soon; events may still come meanwhile. */
    @Override
    void close();
  }

  /** Hears a watch, one call at a time, on a thread of the client. Must not block. */
  interface Listener {
    void changed(GenericKubernetesResource object);

    void removed(GenericKubernetesResource object);

    /** Everything up to this resourceVersion has been shown. */
    void at(String version);

    /** The last call. */
    void ended(Optional<ApiFailure> failure);
  }
}
