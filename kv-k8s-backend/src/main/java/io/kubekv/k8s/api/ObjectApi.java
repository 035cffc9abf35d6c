package io.kubekv.k8s.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects of one namespace of a Kubernetes API. Each call is one request, or one a page;
 * nothing is repeated but a page that failed in passing. Nothing blocks; futures fail with {@link
 * ApiCallException}. Thread-safe.
 */
public interface ObjectApi {
  /** Makes an object; fails with {@link ApiFailure.AlreadyExists} when there is one of the name. */
  CompletableFuture<Void> create(ApiKind kind, String name, ObjectNode spec);

  /**
   * Replaces exactly one version of an object, with its managedFields cleared.
   *
   * @param note an annotation's value that tells one writing of a content from another; may be
   *     empty
   */
  CompletableFuture<Void> replace(
      ApiKind kind, String name, String version, ObjectNode spec, String note);

  /** Removes exactly one version of an object. */
  CompletableFuture<Void> remove(ApiKind kind, ApiObject object);

  /** Reads an object from the API's own store; empty when there is none. */
  CompletableFuture<Optional<ApiObject>> get(ApiKind kind, String name);

  /**
   * Lists all objects as of one version, which it completes with. No more of them are in memory at
   * a time than come to some megabytes, or, after smaller ones, than a few tens.
   *
   * @param contents whether with their content, or who they are alone
   * @param each is told of them, by one thread at a time; must not block
   */
  CompletableFuture<String> list(ApiKind kind, boolean contents, Consumer<ApiObject> each);

  /** All objects together, as of one version. */
  default CompletableFuture<Listing> list(ApiKind kind, boolean contents) {
    List<ApiObject> all = new ArrayList<>();
    return list(kind, contents, all::add).thenApply(version -> new Listing(all, version));
  }

  /** Begins a watch of all objects after a version. */
  Stream watch(ApiKind kind, String version, Listener listener);

  /** All objects of a type, as of one version. */
  record Listing(List<ApiObject> objects, String version) {
    public Listing {
      objects = List.copyOf(objects);
    }
  }

  /** A running watch. */
  interface Stream extends AutoCloseable {
    /** Ends it soon. Never blocks; may be repeated. */
    @Override
    void close();
  }

  /** Hears a watch, one call at a time. Must not block. */
  interface Listener {
    void changed(ApiObject object);

    void removed(ApiObject object);

    /** Everything so far has been shown. */
    void bookmark();

    /** The last call: the watch is over, or could not be begun. */
    void ended(Optional<ApiFailure> failure);
  }
}
