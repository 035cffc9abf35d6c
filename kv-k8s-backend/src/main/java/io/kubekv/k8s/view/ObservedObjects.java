package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiObserver;
import io.kubekv.k8s.api.ApiObserver.Verb;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Other objects, of whose calls somebody hears.
 *
 * @param resource the plural of their type
 */
record ObservedObjects(ObjectsApi api, String resource, ApiObserver observer)
    implements ObjectsApi {
  private interface Question<T> {
    T ask() throws ApiCallException;
  }

  @Override
  public Optional<GenericKubernetesResource> get(String name) throws ApiCallException {
    return asked(Verb.GET, () -> api.get(name));
  }

  @Override
  public GenericKubernetesResource create(GenericKubernetesResource object)
      throws ApiCallException {
    return asked(Verb.CREATE, () -> api.create(object));
  }

  @Override
  public GenericKubernetesResource replace(GenericKubernetesResource next) throws ApiCallException {
    return asked(Verb.REPLACE, () -> api.replace(next));
  }

  @Override
  public void remove(ViewObject object) throws ApiCallException {
    var unused =
        asked(
            Verb.REMOVE,
            () -> {
              api.remove(object);
              return object;
            });
  }

  @Override
  public String list(Consumer<GenericKubernetesResource> each) throws ApiCallException {
    return asked(Verb.LIST, () -> api.list(each));
  }

  @Override
  public Stream watch(String after, Listener listener) throws ApiCallException {
    long begun = System.nanoTime();
    try {
      return api.watch(after, new Heard(begun, listener));
    } catch (ApiCallException refused) {
      observer.called(Verb.WATCH, resource, begun, Optional.of(refused.failure()));
      throw refused;
    }
  }

  private <T> T asked(Verb verb, Question<T> question) throws ApiCallException {
    long begun = System.nanoTime();
    try {
      T answer = question.ask();
      observer.called(verb, resource, begun, Optional.empty());
      return answer;
    } catch (ApiCallException failed) {
      observer.called(verb, resource, begun, Optional.of(failed.failure()));
      throw failed;
    }
  }

  private final class Heard implements Listener {
    private final long begun;
    private final Listener listener;

    Heard(long begun, Listener listener) {
      this.begun = begun;
      this.listener = listener;
    }

    @Override
    public void changed(GenericKubernetesResource object) {
      listener.changed(object);
    }

    @Override
    public void removed(GenericKubernetesResource object) {
      listener.removed(object);
    }

    @Override
    public void at(String version) {
      listener.at(version);
    }

    @Override
    public void ended(Optional<ApiFailure> failure) {
      observer.called(Verb.WATCH, resource, begun, failure);
      listener.ended(failure);
    }
  }
}
