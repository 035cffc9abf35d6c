package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.k8s.KubernetesStore;
import io.kubekv.k8s.KubernetesStoreConfig;
import io.kubekv.k8s.LeaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What BACKUP.md says of a store whose objects were copied to another place. */
class BackupTest {
  private static final ResourceDefinitionContext KEYVALUES =
      new ResourceDefinitionContext.Builder()
          .withGroup("kubekv.io")
          .withVersion("v1")
          .withKind("KeyValue")
          .withPlural("keyvalues")
          .withNamespaced(true)
          .build();

  @TempDir Path folder;

  private EmbeddedApiServer api;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    api = EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(folder));
    Config config = Config.fromKubeconfig(Files.readString(api.kubeconfig()));
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    for (String name : List.of("old", "new")) {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .create();
    }
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    api.close();
  }

  private KubernetesStore open(String namespace) {
    return KubernetesStore.open(
        client, KubernetesStoreConfig.defaults(namespace, LeaseSettings.defaults("backup")));
  }

  private static void put(KubernetesStore store, String key, String value) {
    store.put(PutRequest.of(Key.of(key), Bytes.utf8(value)));
  }

  private static List<Entry> all(KubernetesStore store) {
    return store.list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE).entries();
  }

  /** As every tool does that copies objects: what the API server gave them stays behind. */
  private void copy(String type) {
    for (GenericKubernetesResource object :
        client
            .genericKubernetesResources(KEYVALUES)
            .inNamespace("old")
            .withField("spec.type", type)
            .list()
            .getItems()) {
      object.getMetadata().setNamespace("new");
      object.getMetadata().setResourceVersion(null);
      object.getMetadata().setUid(null);
      object.getMetadata().setCreationTimestamp(null);
      object.getMetadata().setManagedFields(List.of());
      client.genericKubernetesResources(KEYVALUES).inNamespace("new").resource(object).create();
    }
  }

  /** The old store, with two keys, and a directory. */
  private long fill() {
    try (KubernetesStore store = open("old")) {
      put(store, "a", "first");
      put(store, "a", "second");
      put(store, "dir/b", "other");
      return store.id();
    }
  }

  @Test
  void objects_withoutMarkers_areAnotherStoreWithTheSameKeys() {
    long old = fill();
    copy("Value");
    copy("Directory");

    try (KubernetesStore store = open("new")) {
      assertThat(store.id()).isNotEqualTo(old);
      assertThat(all(store))
          .filteredOn(entry -> !entry.isDirectory())
          .extracting(entry -> entry.key() + "=" + entry.value().toText())
          .containsExactly("a=second", "dir/b=other");
    }
  }

  @Test
  void objects_haveNewRevisions_andKeepVersionAndCreateRevision() {
    fill();
    Entry before;
    try (KubernetesStore store = open("old")) {
      before = entry(store, "a");
    }
    copy("Value");

    try (KubernetesStore store = open("new")) {
      Entry now = entry(store, "a");
      assertThat(now.modifyRevision().isAfter(before.modifyRevision())).isTrue();
      assertThat(now.createRevision()).isEqualTo(before.createRevision());
      assertThat(now.version()).isEqualTo(before.version());
    }
  }

  /** Why the markers are to be left out. */
  @Test
  void objects_withMarkers_takeTheStoresIdAlong() {
    long old = fill();
    copy("Value");
    copy("Marker");

    try (KubernetesStore store = open("new")) {
      assertThat(store.id()).isEqualTo(old);
    }
  }

  private static Entry entry(KubernetesStore store, String key) {
    Optional<Entry> found = store.get(Key.of(key), Freshness.LINEARIZABLE).entry();
    return found.orElseThrow();
  }
}
