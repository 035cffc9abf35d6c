package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.DefinitionInstall;
import io.kubekv.k8s.form.KeyValueDefinition;
import io.kubekv.k8s.form.KeyValueForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A store in memory, an embedded API server, and a view between them whose time the test moves. */
final class ViewRig implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String EDITOR = "?fieldManager=kubectl-edit";

  final EmbeddedApiServer server;
  final KubernetesClient client;
  final KeyValueStore store;
  final TappedObjects keys;
  final Map<DockerKind, TappedObjects> docker = new EnumMap<>(DockerKind.class);

  /** Each call about Docker's objects that has ended, as verb and type. */
  final List<String> dockerCalls = new CopyOnWriteArrayList<>();

  final TappedObjects stores;
  final TappedObjects events;
  final AtomicLong nanos = new AtomicLong();
  ViewSettings settings;
  LogFigures log = LogFigures.NONE;
  ViewWork work;
  private long epoch = 1;
  private Optional<View.Holding> holding = Optional.empty();

  ViewRig() {
    this(settings -> settings);
  }

  ViewRig(UnaryOperator<ViewSettings> choice) {
    this(choice, store -> store);
  }

  /** With a store that goes wrong in a way of the test's. */
  ViewRig(UnaryOperator<ViewSettings> choice, UnaryOperator<KeyValueStore> between) {
    settings = choice.apply(ViewSettings.DEFAULT);
    try {
      server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
      Config config = Config.fromKubeconfig(Files.readString(server.kubeconfig()));
      config.setRequestRetryBackoffLimit(0);
      client = new KubernetesClientBuilder().withConfig(config).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DefinitionInstall.install(
        client,
        Serialization.unmarshal(KeyValueDefinition.yaml(), CustomResourceDefinition.class),
        PATIENCE);
    DefinitionInstall.install(client, StoreDefinition.definition(), PATIENCE);
    DefinitionInstall.install(client, DockerDefinitions.definitions(), PATIENCE);
    store =
        between.apply(
            EngineStore.inMemory(EngineSettings.DEFAULT.withClocks(this::wall, nanos::get)));
    keys = new TappedObjects(objects("kubekv.io", "KeyValue", "keyvalues"));
    for (DockerKind kind : DockerKind.values()) {
      docker.put(kind, new TappedObjects(observed(kind)));
    }
    stores = new TappedObjects(objects("kubekv.io", "Store", "stores"));
    events = new TappedObjects(objects("", "Event", "events"));
    work = work();
    hold();
  }

  private void hold() {
    holding = Optional.of(new View.Holding("test", epoch));
  }

  /** This process does not hold the store any more. */
  void lose() {
    holding = Optional.empty();
  }

  private Instant wall() {
    return Instant.EPOCH.plusNanos(nanos.get());
  }

  private ObjectsApi objects(String group, String kind, String plural) {
    return new ClusterObjects(
        client,
        "default",
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion("v1")
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(true)
            .build());
  }

  TappedObjects docker(DockerKind kind) {
    return Objects.requireNonNull(docker.get(kind));
  }

  private ObjectsApi observed(DockerKind kind) {
    return new ObservedObjects(
        objects("kubekv.io", kind.kind(), kind.plural()),
        kind.plural(),
        (verb, resource, code, time) -> dockerCalls.add(verb.label() + " " + resource));
  }

  private ViewWork work() {
    return new ViewWork(
        store,
        new ViewWork.Apis(keys, this::docker, stores, events),
        "default",
        settings,
        () -> holding,
        () -> log,
        new ViewWork.Time(nanos::get, this::wall));
  }

  /** Another process becomes the holder; this one is gone without a word. */
  void restart() {
    work.close();
    work = work();
    epoch++;
    hold();
  }

  void step() {
    nanos.addAndGet(TICK.toNanos());
    work.step();
  }

  /** Lets time pass, tick by tick. */
  void run(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
      step();
    }
  }

  /** Lets the view show everything, if it can: long enough for every pause of it. */
  void settle() {
    run(Duration.ofSeconds(2));
    for (int i = 0; i < 600 && !isSettled(); i++) {
      step();
    }
    run(Duration.ofSeconds(1));
  }

  private boolean isSettled() {
    ViewFigures now = work.figures();
    return now.problem().isEmpty() && now.lag().isZero() && !now.revision().equals(Revision.ZERO);
  }

  Entry put(String key, String value) {
    return ((PutOutcome.Stored)
            Await.change(store.put(PutRequest.of(Key.of(key), Bytes.utf8(value)))))
        .entry();
  }

  Optional<Entry> entry(String key) {
    return Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE)).entry();
  }

  String value(String key) {
    return entry(key).map(entry -> entry.value().toText()).orElse("-");
  }

  static String name(String key) {
    return KeyValueForm.name(Key.of(key));
  }

  private static String path(String name) {
    return "/apis/kubekv.io/v1/namespaces/default/keyvalues" + (name.isEmpty() ? "" : "/" + name);
  }

  /** The object of a key, as anybody sees it. */
  Optional<GenericKubernetesResource> object(String key) {
    try {
      return Optional.of(read(client.raw(path(name(key)), "GET", null)));
    } catch (KubernetesClientException failed) {
      if (failed.getCode() == 404) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  ViewObject seen(String key) {
    return ViewForm.read(object(key).orElseThrow());
  }

  String shown(String key) {
    return object(key)
        .map(object -> String.valueOf(ViewForm.spec(object).get("value")))
        .orElse("-");
  }

  List<ViewObject> objects() {
    List<ViewObject> all = new ArrayList<>();
    try {
      objects("kubekv.io", "KeyValue", "keyvalues").list(object -> all.add(ViewForm.read(object)));
    } catch (ApiCallException failed) {
      throw new AssertionError(failed);
    }
    return all;
  }

  /** What the condition of an object says: reason and message. */
  String condition(String key) {
    return object(key)
        .map(object -> String.valueOf(object.getAdditionalProperties().get("status")))
        .orElse("-");
  }

  /** Edits fields of {@code spec}, as kubectl edit does; null removes one. */
  GenericKubernetesResource edit(String key, String field, Object value) {
    return replace(edited(object(key).orElseThrow(), field, value));
  }

  static GenericKubernetesResource edited(
      GenericKubernetesResource object, String field, Object value) {
    Map<String, Object> spec = new LinkedHashMap<>(ViewForm.spec(object));
    spec.put(field, value);
    object.setAdditionalProperty("spec", spec);
    return object;
  }

  /** Puts an object as it is, and waits until the view has been told. */
  GenericKubernetesResource replace(GenericKubernetesResource object) {
    GenericKubernetesResource replaced = replaceUnseen(object);
    awaitSeen(replaced.getMetadata().getResourceVersion());
    return replaced;
  }

  GenericKubernetesResource replaceUnseen(GenericKubernetesResource object) {
    return read(client.raw(path(object.getMetadata().getName()) + EDITOR, "PUT", object));
  }

  /** Makes an object by hand, as kubectl create does, and waits until the view has been told. */
  GenericKubernetesResource create(String name, Map<String, Object> spec) {
    GenericKubernetesResource created = createUnseen(name, spec);
    awaitSeen(created.getMetadata().getResourceVersion());
    return created;
  }

  GenericKubernetesResource createUnseen(String name, Map<String, Object> spec) {
    Map<String, Object> object = new HashMap<>();
    object.put("apiVersion", "kubekv.io/v1");
    object.put("kind", "KeyValue");
    object.put("metadata", Map.of("name", name));
    object.put("spec", spec);
    return read(client.raw(path("") + "?fieldManager=kubectl-create", "POST", object));
  }

  GenericKubernetesResource create(String key, String value) {
    return create(name(key), Map.of("type", "Value", "key", key, "value", value));
  }

  /** Deletes an object by hand, and waits until the view has been told. */
  void delete(String key) {
    deleteUnseen(key);
    awaitSeen(version());
  }

  /** Deletes an object by hand, if it is there. */
  void deleteUnseen(String key) {
    try {
      deleteNamed(name(key));
    } catch (KubernetesClientException failed) {
      if (failed.getCode() != 404) {
        throw failed;
      }
    }
  }

  private void deleteNamed(String name) {
    client.raw(
        path(name) + "?fieldManager=kubectl-delete",
        "DELETE",
        Map.of("kind", "DeleteOptions", "apiVersion", "v1"));
  }

  /** Deletes all objects at once, and waits until the view has been told. */
  void deleteAll() {
    deleteAllUnseen();
    awaitSeen(version());
  }

  void deleteAllUnseen() {
    objects().forEach(object -> deleteNamed(object.name()));
  }

  /** Up to where the API has come. */
  String version() {
    return Serialization.unmarshal(
            client.raw(path("") + "?limit=1", "GET", null), GenericKubernetesResourceList.class)
        .getMetadata()
        .getResourceVersion();
  }

  /** Waits, with steps of the view in between, until it was told of a version of the objects. */
  void awaitSeen(String version) {
    try {
      for (int i = 0; i < 400; i++) {
        if (keys.awaitShown(version, Duration.ofMillis(i == 0 ? 200 : 50))) {
          return;
        }
        step();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(false).as("the view was never told of version " + version).isTrue();
  }

  private static GenericKubernetesResource read(String json) {
    return Serialization.unmarshal(json, GenericKubernetesResource.class);
  }

  @Override
  public void close() {
    work.close();
    store.close();
    client.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
