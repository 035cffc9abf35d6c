package io.kubekv.k8s.view;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.KubernetesErrors;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Objects over fabric8's client, whose own requests and watches do: the view is not in the way of
 * anything. The client must not retry by itself, and must bound its requests in time.
 */
final class ClusterObjects implements ObjectsApi {
  /** So that a page of the largest objects fits into a small heap. */
  private static final int PAGE_OBJECTS = 100;

  private static final String OURS = "?fieldManager=" + ViewForm.MANAGER;

  private final KubernetesClient client;
  private final String namespace;
  private final ResourceDefinitionContext type;
  private final String path;

  ClusterObjects(KubernetesClient client, String namespace, ResourceDefinitionContext type) {
    this.client = client;
    this.namespace = namespace;
    this.type = type;
    this.path =
        (type.getGroup().isEmpty() ? "/api/" : "/apis/" + type.getGroup() + "/")
            + type.getVersion()
            + "/namespaces/"
            + namespace
            + "/"
            + type.getPlural();
  }

  @Override
  public Optional<GenericKubernetesResource> get(String name) throws ApiCallException {
    try {
      return Optional.of(object(asked(path + "/" + name)));
    } catch (ApiCallException failed) {
      if (failed.failure() instanceof ApiFailure.NotFound) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  @Override
  public GenericKubernetesResource create(GenericKubernetesResource object)
      throws ApiCallException {
    return object(call(() -> client.raw(path + OURS, "POST", object)));
  }

  @Override
  public GenericKubernetesResource replace(GenericKubernetesResource next) throws ApiCallException {
    String name = next.getMetadata().getName();
    return object(call(() -> client.raw(path + "/" + name + OURS, "PUT", next)));
  }

  @Override
  public void remove(ViewObject object) throws ApiCallException {
    Map<String, Object> options =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "preconditions",
            Map.of(
                "uid", object.uid(), "resourceVersion", Long.toUnsignedString(object.version())));
    String answer = call(() -> client.raw(path + "/" + object.name(), "DELETE", options));
    if (answer == null) {
      throw new ApiCallException(new ApiFailure.NoAnswer("the removal was answered with nothing"));
    }
  }

  @Override
  public String list(Consumer<GenericKubernetesResource> each) throws ApiCallException {
    String more = "";
    String at;
    do {
      String page = path + "?limit=" + PAGE_OBJECTS + more;
      GenericKubernetesResourceList list =
          Serialization.unmarshal(asked(page), GenericKubernetesResourceList.class);
      list.getItems().forEach(each);
      at = list.getMetadata().getResourceVersion();
      String token = list.getMetadata().getContinue();
      boolean isLast = token == null || token.isEmpty();
      more = isLast ? "" : "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    } while (!more.isEmpty());
    return at;
  }

  @Override
  public Stream watch(String after, Listener listener) throws ApiCallException {
    ListOptions options =
        new ListOptionsBuilder().withResourceVersion(after).withAllowWatchBookmarks(true).build();
    try {
      Watch watch =
          client
              .genericKubernetesResources(type)
              .inNamespace(namespace)
              .watch(options, new Ears(listener));
      return watch::close;
    } catch (KubernetesClientException refused) {
      throw new ApiCallException(KubernetesErrors.of(refused));
    }
  }

  /** Tells a listener what the client's watch says. */
  private record Ears(Listener listener) implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource object) {
      switch (action) {
        case ADDED, MODIFIED -> listener.changed(object);
        case DELETED -> listener.removed(object);
        case BOOKMARK -> listener.at(object.getMetadata().getResourceVersion());
        case ERROR ->
            listener.ended(Optional.of(new ApiFailure.NoAnswer("the watch said an error")));
      }
    }

    @Override
    public void onClose() {
      listener.ended(Optional.empty());
    }

    @Override
    public void onClose(WatcherException why) {
      listener.ended(
          Optional.of(
              why.isHttpGone()
                  ? new ApiFailure.Gone(String.valueOf(why.getMessage()))
                  : KubernetesErrors.of(why.asClientException())));
    }
  }

  private String asked(String uri) throws ApiCallException {
    return call(() -> client.raw(uri, "GET", null));
  }

  private static GenericKubernetesResource object(String json) {
    return Serialization.unmarshal(json, GenericKubernetesResource.class);
  }

  private static String call(Supplier<String> request) throws ApiCallException {
    try {
      return request.get();
    } catch (KubernetesClientException failed) {
      throw new ApiCallException(KubernetesErrors.of(failed));
    }
  }
}
