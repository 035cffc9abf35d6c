package io.kubekv.k8s;

import io.kubekv.Revision;
import io.kubekv.k8s.StoreObserver.Call;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Another API whose calls somebody hears of. */
final class ObservedKubernetesApi implements KubernetesApi {
  private final KubernetesApi api;
  private final StoreObserver observer;

  ObservedKubernetesApi(KubernetesApi api, StoreObserver observer) {
    this.api = api;
    this.observer = observer;
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> create(byte[] body) {
    return observed(Call.CREATE_KEY, System.nanoTime(), api.create(body));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> replace(String name, byte[] body) {
    return observed(Call.REPLACE_KEY, System.nanoTime(), api.replace(name, body));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> remove(String name, byte[] body) {
    return observed(Call.REMOVE_KEY, System.nanoTime(), api.remove(name, body));
  }

  @Override
  public void endOverdue() {
    api.endOverdue();
  }

  @Override
  public Optional<ObservedObject> get(String name) throws ApiCallException, InterruptedException {
    return asked(Call.GET_KEY, () -> api.get(name));
  }

  @Override
  public Listed list(Optional<Revision> exactly) throws ApiCallException, InterruptedException {
    return asked(Call.LIST_KEYS, () -> api.list(exactly));
  }

  @Override
  public Stream watch(Revision after, StreamListener listener) {
    long begun = System.nanoTime();
    return api.watch(
        after,
        new StreamListener() {
          @Override
          public void event(StreamEvent event) {
            listener.event(event);
          }

          @Override
          public void ended(Optional<ApiFailure> failure) {
            over(Call.WATCH_KEYS, begun, failure);
            listener.ended(failure);
          }
        });
  }

  private CompletableFuture<Optional<ApiFailure>> observed(
      Call call, long begun, CompletableFuture<Optional<ApiFailure>> coming) {
    return coming.thenApply(
        failure -> {
          over(call, begun, failure);
          return failure;
        });
  }

  private interface Question<T> {
    T ask() throws ApiCallException, InterruptedException;
  }

  private <T> T asked(Call call, Question<T> question)
      throws ApiCallException, InterruptedException {
    long begun = System.nanoTime();
    try {
      T answer = question.ask();
      over(call, begun, Optional.empty());
      return answer;
    } catch (ApiCallException failed) {
      over(call, begun, Optional.of(failed.failure()));
      throw failed;
    }
  }

  private void over(Call call, long begun, Optional<ApiFailure> failure) {
    Duration time = Duration.ofNanos(System.nanoTime() - begun);
    observer.called(call, failure.map(ApiFailure::label).orElse("ok"), time);
  }
}
