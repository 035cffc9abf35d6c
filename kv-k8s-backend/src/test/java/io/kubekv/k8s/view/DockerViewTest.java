package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.docker.DockerKey;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Docker keeps in a store, as objects of its own types. */
class DockerViewTest {
  private static final DockerKey.Network OV = new DockerKey.Network("a904dd668c339fa229734dbcc286");
  private static final DockerKey.Endpoint C1 = new DockerKey.Endpoint(OV.id(), "ee5791ab53145b87");
  private static final DockerKey.Node HOST = new DockerKey.Node("10.88.0.11:2376");

  private static final String IPAM =
      "[{\\\"IPAMData\\\":\\\"{\\\\\\\"Gateway\\\\\\\":\\\\\\\"10.201.0.1/24\\\\\\\","
          + "\\\\\\\"Pool\\\\\\\":\\\\\\\"10.201.0.0/24\\\\\\\"}\\\"}]";

  private ViewRig rig = new ViewRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void put(DockerKey key, String value) {
    rig.put(key.key().text(), value);
  }

  private void putNetwork(String name) {
    put(
        OV,
        """
        {"id":"%s","name":"%s","networkType":"overlay","scope":"global","ipamV4Info":"%s"}
        """
            .formatted(OV.id(), name, IPAM));
  }

  private void putOverlay(long vni) {
    put(
        OV.overlay(),
        """
        {"secure":false,"subnets":[{"SubnetIP":"10.201.0.0/24","GwIP":"10.201.0.1/24","Vni":%d}]}
        """
            .formatted(vni));
  }

  private void putEndpoint() {
    put(
        C1,
        """
        {"id":"%s","name":"c1","locator":"10.88.0.11","ep_iface":{"addr":"10.201.0.2/24"}}
        """
            .formatted(C1.id()));
  }

  private void delete(DockerKey key) {
    Await.change(rig.store.delete(DeleteRequest.of(key.key())));
  }

  private static String path(DockerKind kind, String name) {
    return "/apis/kubekv.io/v1/namespaces/default/" + kind.plural() + "/" + name;
  }

  private static String path(DockerKey key) {
    return path(DockerKind.of(key), DockerForm.name(key));
  }

  private Optional<GenericKubernetesResource> object(DockerKey key) {
    try {
      return Optional.of(
          Serialization.unmarshal(
              rig.client.raw(path(key), "GET", null), GenericKubernetesResource.class));
    } catch (KubernetesClientException failed) {
      assertThat(failed.getCode()).isEqualTo(404);
      return Optional.empty();
    }
  }

  private Map<String, Object> status(DockerKey key) {
    return ViewForm.map(object(key).orElseThrow(), "status");
  }

  private Object field(DockerKey key, String name) {
    return Objects.requireNonNull(status(key).get(name), name);
  }

  /** Whether all is decoded, and why not. */
  private String decoded(DockerKey key) {
    Map<?, ?> condition = (Map<?, ?>) ((List<?>) field(key, "conditions")).getFirst();
    return condition.get("status")
        + " "
        + condition.get("reason")
        + ": "
        + condition.get("message");
  }

  /** Waits until the view was told of a version, and has done what that asks for. */
  private void settleAt(DockerKind kind, GenericKubernetesResource written)
      throws InterruptedException {
    String version = written.getMetadata().getResourceVersion();
    assertThat(rig.docker(kind).awaitShown(version, Duration.ofSeconds(20))).isTrue();
    rig.settle();
  }

  private GenericKubernetesResource send(String path, String verb, Object body) {
    return Serialization.unmarshal(
        rig.client.raw(path + "?fieldManager=kubectl-edit", verb, body),
        GenericKubernetesResource.class);
  }

  /** A network, its endpoint and a host, and waits until they are shown. */
  private void putAll() {
    putNetwork("ov");
    putOverlay(256);
    putEndpoint();
    Await.change(
        rig.store.put(
            PutRequest.of(HOST.key(), Bytes.utf8(HOST.address()))
                .withTimeToLive(Duration.ofSeconds(60))));
    rig.settle();
  }

  @Test
  void step_recordsPut_areShownWithTheirMeaning() {
    putAll();

    assertThat(status(OV))
        .containsEntry("key", OV.key().text())
        .containsEntry("name", "ov")
        .containsEntry("driver", "overlay")
        .containsEntry(
            "subnets",
            List.of(Map.of("subnet", "10.201.0.0/24", "gateway", "10.201.0.1", "vni", 256)));
    assertThat(status(C1))
        .containsEntry("container", "c1")
        .containsEntry("network", "ov")
        .containsEntry("host", "10.88.0.11")
        .containsEntry("address", "10.201.0.2/24");
    assertThat(status(HOST))
        .containsEntry("host", "10.88.0.11")
        .containsEntry("port", 2376)
        .containsEntry("ttlSeconds", 60)
        .containsKey("expires");
    assertThat(List.of(decoded(OV), decoded(C1), decoded(HOST)))
        .allMatch(said -> said.startsWith("True Understood"));
  }

  @Test
  void step_recordsShown_haveOnlyFieldsThatTheTypesKnow() {
    putAll();

    for (DockerKey key : List.of(OV, C1, HOST)) {
      assertThat(DockerDefinitionsTest.status(DockerKind.of(key)).getProperties().keySet())
          .containsAll(
              new DockerRecords(rig.store, rig.settings).status(key).orElseThrow().keySet());
    }
  }

  private void putAt(String path, String name) {
    rig.put(
        new DockerKey.Network(path, OV.id()).key().text(),
        "{\"id\":\"%s\",\"name\":\"%s\",\"networkType\":\"bridge\"}".formatted(OV.id(), name));
    rig.put(
        new DockerKey.Endpoint(path, OV.id(), C1.id()).key().text(),
        "{\"id\":\"%s\",\"name\":\"c-%s\"}".formatted(C1.id(), name));
  }

  private String networkOfEndpoint(String path) {
    Map<String, Object> shown = status(new DockerKey.Endpoint(path, OV.id(), C1.id()));
    return shown.get("container") + " in " + shown.get("network");
  }

  @Test
  void step_twoStoresWithPaths_areShownEachByItself() {
    putAt("", "none");
    putAt("one/", "first");
    putAt("two/deep/", "second");
    rig.settle();

    assertThat(List.of("", "one/", "two/deep/"))
        .extracting(this::networkOfEndpoint)
        .containsExactly("c-none in none", "c-first in first", "c-second in second");

    delete(new DockerKey.Network("one/", OV.id()));
    rig.settle();

    assertThat(object(new DockerKey.Network("one/", OV.id()))).isEmpty();
    assertThat(networkOfEndpoint("one/")).isEqualTo("c-first in null");
    assertThat(networkOfEndpoint("two/deep/")).isEqualTo("c-second in second");
    assertThat(object(OV)).isPresent();
  }

  @Test
  void restart_storesWithPathsAmongManyKeys_areFound() {
    rig.close();
    List<Prefix> shown = List.of(new Prefix("many/1000x/"), new Prefix("z/"));
    rig = new ViewRig(settings -> settings.withPrefixes(shown));
    for (int i = 0; i < 2_100; i++) {
      rig.put("many/%04d".formatted(i), "x");
    }
    putAt("many/1000x/", "middle");
    putAt("z/", "last");
    rig.restart();
    rig.settle();

    assertThat(networkOfEndpoint("many/1000x/")).isEqualTo("c-middle in middle");
    assertThat(networkOfEndpoint("z/")).isEqualTo("c-last in last");
  }

  @Test
  void step_morePathsThanAreLookedBelow_showsNoOther_untilSomeAreGone() {
    for (int i = 1; i < DockerRecords.MOST_PATHS; i++) {
      rig.put("p%02d/docker/nodes/a".formatted(i), "a");
    }
    rig.settle();
    rig.put("q/docker/nodes/a", "a");
    rig.settle();

    assertThat(object(new DockerKey.Node("p99/", "a"))).isPresent();
    assertThat(object(new DockerKey.Node("q/", "a"))).isEmpty();

    delete(new DockerKey.Node("p01/", "a"));
    rig.restart();
    rig.settle();

    assertThat(object(new DockerKey.Node("p01/", "a"))).isEmpty();
    assertThat(object(new DockerKey.Node("q/", "a"))).isPresent();
  }

  @Test
  void step_overlayChanges_changesItsNetwork() {
    putNetwork("ov");
    rig.settle();
    assertThat(decoded(OV)).startsWith("False Incomplete: " + OV.overlay().key() + " is missing");

    putOverlay(0);
    rig.settle();
    assertThat(decoded(OV)).startsWith("True");
    assertThat(status(OV).get("subnets"))
        .isEqualTo(List.of(Map.of("subnet", "10.201.0.0/24", "gateway", "10.201.0.1")));

    putOverlay(257);
    rig.settle();
    assertThat(field(OV, "subnets").toString()).contains("vni=257");
  }

  @Test
  void step_recordsDeleted_objectsGo() {
    putNetwork("ov");
    putOverlay(256);
    putEndpoint();
    rig.settle();
    delete(C1);
    delete(OV.overlay());
    delete(OV);
    rig.settle();

    assertThat(object(OV)).isEmpty();
    assertThat(object(C1)).isEmpty();
  }

  @Test
  void step_networkNamedAnew_isNamedByItsEndpoints() {
    putEndpoint();
    rig.settle();
    assertThat(decoded(C1)).startsWith("False Incomplete: " + OV.key() + " is missing");
    assertThat(status(C1)).doesNotContainKey("network").containsEntry("container", "c1");

    putNetwork("ov");
    putOverlay(256);
    rig.settle();
    assertThat(status(C1)).containsEntry("network", "ov");
    assertThat(decoded(C1)).startsWith("True");
  }

  @Test
  void step_recordThatIsNone_saysSoAndDisturbsNoOther() {
    put(OV, "{\"id\":\"" + OV.id() + "\",\"name\":");
    put(HOST, "somewhere else");
    rig.settle();

    assertThat(decoded(OV)).startsWith("False Undecoded: the value is no valid JSON");
    assertThat(status(OV)).containsOnlyKeys("key", "revision", "conditions");
    assertThat(decoded(HOST)).isEqualTo("False Undecoded: the value is not the address in the key");

    putNetwork("ov");
    putOverlay(256);
    rig.settle();
    assertThat(decoded(OV)).startsWith("True");
  }

  @Test
  void step_editedByHand_isPutBackAndKeepsLabels() throws InterruptedException {
    put(HOST, HOST.address());
    rig.settle();
    GenericKubernetesResource edited = object(HOST).orElseThrow();
    edited.getMetadata().setLabels(Map.of("mine", "yes"));
    edited.setAdditionalProperty("status", Map.of("key", HOST.key().text(), "host", "elsewhere"));
    settleAt(DockerKind.NODE, send(path(HOST), "PUT", edited));

    assertThat(status(HOST)).containsEntry("host", "10.88.0.11");
    assertThat(object(HOST).orElseThrow().getMetadata().getLabels()).containsEntry("mine", "yes");
    assertThat(rig.value(HOST.key().text())).isEqualTo(HOST.address());
  }

  @Test
  void step_deletedByHand_comesBack() throws InterruptedException {
    put(HOST, HOST.address());
    rig.settle();
    String uid = object(HOST).orElseThrow().getMetadata().getUid();
    rig.client.raw(path(HOST), "DELETE", Map.of("kind", "DeleteOptions", "apiVersion", "v1"));
    GenericKubernetesResource later = make("later");
    settleAt(DockerKind.NODE, later);

    assertThat(object(HOST).orElseThrow().getMetadata().getUid()).isNotEqualTo(uid);
    assertThat(rig.value(HOST.key().text())).isEqualTo(HOST.address());
  }

  private GenericKubernetesResource make(String name) {
    Map<String, Object> object =
        Map.of(
            "apiVersion",
            "kubekv.io/v1",
            "kind",
            "DockerNode",
            "metadata",
            Map.of("name", name),
            "status",
            Map.of("key", HOST.key().text(), "host", "made up"));
    String collection = path(DockerKind.NODE, "");
    return send(collection.substring(0, collection.length() - 1), "POST", object);
  }

  @Test
  void step_madeByHand_goes() throws InterruptedException {
    put(HOST, HOST.address());
    rig.settle();
    settleAt(DockerKind.NODE, make("made-up"));

    assertThat(rig.client.raw(path(DockerKind.NODE, ""), "GET", null)).doesNotContain("made up");
    assertThat(object(HOST)).isPresent();
  }

  @Test
  void step_storeWithoutDocker_asksOnceForEachType() {
    rig.put("a", "b");
    rig.put("docker/network/v1.0/idm/vxlan-id", "{}");
    rig.settle();
    rig.run(Duration.ofMinutes(1));
    rig.work.close();

    assertThat(rig.dockerCalls)
        .containsExactly("list dockernetworks", "list dockerendpoints", "list dockernodes");
  }

  @Test
  void restart_nothingChanged_writesNothing() {
    putAll();
    rig.docker.values().forEach(objects -> objects.writes.clear());
    rig.restart();
    rig.settle();

    assertThat(rig.docker.values()).allSatisfy(each -> assertThat(each.writes).isEmpty());
  }

  @Test
  void restart_lastRecordGoneMeanwhile_removesWhatIsLeft() {
    put(HOST, HOST.address());
    rig.settle();
    delete(HOST);
    rig.restart();
    rig.settle();

    assertThat(object(HOST)).isEmpty();
  }

  @Test
  void step_objectsRefused_keysAreShownAllTheSame() {
    rig.docker(DockerKind.NODE).refuseWrites(new ApiFailure.Forbidden("not you"));
    put(HOST, HOST.address());
    rig.settle();

    assertThat(rig.shown(HOST.key().text())).isEqualTo(HOST.address());
    assertThat(rig.work.figures().problem()).isEmpty();
    assertThat(rig.work.figures().lag()).isZero();

    rig.docker(DockerKind.NODE).refuseWrites(null);
    rig.run(Duration.ofMinutes(2));
    assertThat(object(HOST)).isPresent();
  }

  @Test
  void step_writtenByOthersBetween_isOvertakenAndPutRight() {
    put(HOST, HOST.address());
    rig.settle();
    rig.docker(DockerKind.NODE).beforeWrite =
        () -> {
          GenericKubernetesResource edited = object(HOST).orElseThrow();
          edited.setAdditionalProperty("status", Map.of("key", "x"));
          GenericKubernetesResource unused = send(path(HOST), "PUT", edited);
        };
    put(HOST, HOST.address());
    rig.settle();

    assertThat(status(HOST)).containsEntry("host", "10.88.0.11");
  }

  @Test
  void step_anotherHolder_writesNoMore() {
    rig.step();
    rig.lose();
    put(HOST, HOST.address());
    rig.run(Duration.ofSeconds(3));

    assertThat(object(HOST)).isEmpty();
  }

  @Test
  void step_moreThanMayBeShown_showsSoMany() {
    rig.close();
    rig = new ViewRig(settings -> settings.withMostKeys(3));
    for (int i = 1; i <= 5; i++) {
      put(new DockerKey.Node("10.88.0." + i + ":2376"), "10.88.0." + i + ":2376");
    }
    rig.settle();
    assertThat(rig.docker(DockerKind.NODE).writes).hasSize(3);

    for (int i = 1; i <= 5; i++) {
      delete(new DockerKey.Node("10.88.0." + i + ":2376"));
    }
    put(HOST, HOST.address());
    rig.settle();
    assertThat(object(HOST)).isPresent();
  }

  @Test
  void names_ofHostileIds_areValidAndTheirKeysAlone() {
    List<DockerKey> hostile =
        List.of(
            new DockerKey.Node("UPPER:1"),
            new DockerKey.Node("upper:1"),
            new DockerKey.Node("upper-1"),
            new DockerKey.Node("..."),
            new DockerKey.Node("-"),
            new DockerKey.Node("\u202e\u0007\u00e4".repeat(500)),
            new DockerKey.Node("a".repeat(2_000)),
            new DockerKey.Network("../../kv"),
            new DockerKey.Endpoint("n", "e"),
            new DockerKey.Endpoint("m", "e"));

    assertThat(hostile.stream().map(DockerForm::name))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9]([-a-z0-9]{0,67})?[a-z0-9]"));
  }

  @Test
  void step_hostileRecord_isShownAsUndecoded() {
    Key key = Key.of("docker/nodes/\u202e$(reboot)\u0007");
    rig.put(key.text(), "x");
    rig.settle();

    assertThat(decoded(DockerKey.of(key).orElseThrow())).startsWith("False Undecoded");
  }
}
