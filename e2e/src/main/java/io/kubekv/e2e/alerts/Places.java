package io.kubekv.e2e.alerts;

import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.api.ApiAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where stores are kept: on the cluster that the check was told of, otherwise on the API server of
 * one process that is left alone. Not thread-safe.
 */
final class Places implements AutoCloseable {
  private final Optional<StoreProcess> embedded;

  /** An empty store's place. */
  record Place(Path kubeconfig, String namespace) {}

  private Places(Optional<StoreProcess> embedded) {
    this.embedded = embedded;
  }

  static Places open() throws IOException {
    return new Places(
        ClusterStore.isWanted() ? Optional.empty() : Optional.of(StoreProcess.embedded()));
  }

  /** Makes one. */
  Place create(String name) throws IOException {
    if (embedded.isEmpty()) {
      ClusterStore store = ClusterStore.create();
      return new Place(store.kubeconfig(), store.namespace());
    }
    Path kubeconfig = embedded.get().folder().resolve("data").resolve("kubeconfig");
    new ApiClient(ApiAddress.of(kubeconfig))
        .send(
            "POST",
            "/api/v1/namespaces",
            "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(name));
    return new Place(kubeconfig, name);
  }

  @Override
  public void close() {
    embedded.ifPresent(StoreProcess::close);
  }
}
