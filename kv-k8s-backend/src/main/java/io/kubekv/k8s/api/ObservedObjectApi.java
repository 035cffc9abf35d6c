package io.kubekv.k8s.api;

import io.kubekv.k8s.api.ApiObserver.Verb;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Another API whose calls somebody hears of. */
public record ObservedObjectApi(ObjectApi api, ApiObserver observer) implements ObjectApi {
  @Override
  public CompletableFuture<Void> create(ApiKind kind, String name, ObjectNode spec) {
    return observed(Verb.CREATE, kind, System.nanoTime(), api.create(kind, name, spec));
  }

  @Override
  public CompletableFuture<Void> replace(
      ApiKind kind, String name, String version, ObjectNode spec, String note) {
    long begun = System.nanoTime();
    return observed(Verb.REPLACE, kind, begun, api.replace(kind, name, version, spec, note));
  }

  @Override
  public CompletableFuture<Void> remove(ApiKind kind, ApiObject object) {
    return observed(Verb.REMOVE, kind, System.nanoTime(), api.remove(kind, object));
  }

  @Override
  public CompletableFuture<Optional<ApiObject>> get(ApiKind kind, String name) {
    return observed(Verb.GET, kind, System.nanoTime(), api.get(kind, name));
  }

  @Override
  public CompletableFuture<String> list(ApiKind kind, boolean contents, Consumer<ApiObject> each) {
    return observed(Verb.LIST, kind, System.nanoTime(), api.list(kind, contents, each));
  }

  @Override
  public Stream watch(ApiKind kind, String version, Listener listener) {
    return api.watch(kind, version, new Heard(kind, System.nanoTime(), listener));
  }

  private <T> CompletableFuture<T> observed(
      Verb verb, ApiKind kind, long begun, CompletableFuture<T> coming) {
    return coming.whenComplete(
        (done, failed) ->
            observer.called(
                verb,
                kind.plural(),
                begun,
                Optional.ofNullable(failed).map(HttpObjectApi::failureOf)));
  }

  private final class Heard implements Listener {
    private final ApiKind kind;
    private final long begun;
    private final Listener listener;

    Heard(ApiKind kind, long begun, Listener listener) {
      this.kind = kind;
      this.begun = begun;
      this.listener = listener;
    }

    @Override
    public void changed(ApiObject object) {
      listener.changed(object);
    }

    @Override
    public void removed(ApiObject object) {
      listener.removed(object);
    }

    @Override
    public void bookmark() {
      listener.bookmark();
    }

    @Override
    public void ended(Optional<ApiFailure> failure) {
      observer.called(Verb.WATCH, kind.plural(), begun, failure);
      listener.ended(failure);
    }
  }
}
