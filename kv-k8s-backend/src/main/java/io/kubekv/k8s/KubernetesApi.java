package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The objects of one store in a Kubernetes API: the seam at which tests hold requests back, reorder
 * answers and drop them. Each call is one request; nothing is repeated. Thread-safe.
 */
interface KubernetesApi {
  /**
   * Makes an object. Never blocks; completes, never exceptionally, with the failure or with nothing
   * when the API has accepted it.
   *
   * @param body {@link ObjectJson#toCreate}
   */
  CompletableFuture<Optional<ApiFailure>> create(byte[] body);

  /**
   * Replaces an object; completes as {@link #create} does.
   *
   * @param body {@link ObjectJson#toReplace}, which names the revision it replaces
   */
  CompletableFuture<Optional<ApiFailure>> replace(String name, byte[] body);

  /**
   * Removes an object; completes as {@link #create} does.
   *
   * @param body {@link ObjectJson#toRemove}, which names uid and revision
   */
  CompletableFuture<Optional<ApiFailure>> remove(String name, byte[] body);

  /**
   * Ends the changes that have not been answered for too long, as {@link ApiFailure.NoAnswer}; to
   * be called every so often. Never blocks.
   */
  void endOverdue();

  /** Reads an object from the API's own store; empty when there is none. Blocks. */
  Optional<ObservedObject> get(String name) throws ApiCallException, InterruptedException;

  /**
   * Lists all objects as of one revision, page by page. Blocks.
   *
   * @param exactly the revision wanted, {@link ApiFailure.Gone} when it is too old; empty for the
   *     latest
   */
  Listed list(Optional<Revision> exactly) throws ApiCallException, InterruptedException;

  /**
   * Begins a watch of all objects. Never blocks; the events come one at a time.
   *
   * @param after the revision whose later changes are wanted
   */
  Stream watch(Revision after, StreamListener listener);

  /**
   * All objects at one revision.
   *
   * @param at that revision
   */
  record Listed(List<ObservedObject> objects, Revision at) {}

  /** A running watch. */
  interface Stream extends AutoCloseable {
    /** Ends it soon; events may still come meanwhile. Never blocks; may be repeated. */
    @Override
    void close();
  }

  /** Hears a watch, one call at a time. Must not block. */
  interface StreamListener {
    void event(StreamEvent event);

    /** The last call: the API or the network ended the watch, or it could not be begun. */
    void ended(Optional<ApiFailure> failure);
  }

  /** What a watch shows. */
  sealed interface StreamEvent {
    /** Up to where the watch has come with it. */
    Revision revision();

    /** An object was made or changed. */
    record Changed(ObservedObject object) implements StreamEvent {
      @Override
      public Revision revision() {
        return object.revision();
      }
    }

    /** An object was removed; its revision is that of the removal. */
    record Removed(ObservedObject object) implements StreamEvent {
      @Override
      public Revision revision() {
        return object.revision();
      }
    }

    /** Everything up to this revision has been shown. */
    record Bookmark(Revision revision) implements StreamEvent {}
  }
}
