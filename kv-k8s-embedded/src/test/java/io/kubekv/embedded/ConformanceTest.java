package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * What kube-apiserver answers, row by row. Runs against any API server that {@link ApiUnderTest} is
 * pointed at, in a namespace and with a resource type of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
  private static final String GROUP = "conformance.kubekv.io";
  private static final String MERGE = "application/merge-patch+json";

  private ApiUnderTest api;
  private String namespace;
  private String things;

  @BeforeAll
  void connect() throws Exception {
    api = ApiUnderTest.connect();
    ApiUnderTest.Reply made =
        api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition());
    assertThat(made.code()).isIn(201, 409);
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> api.get("/apis/" + GROUP + "/v1/things").code() == 200);
  }

  @AfterAll
  void disconnect() throws Exception {
    api.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things." + GROUP, "");
    api.close();
  }

  @BeforeEach
  void namespace() {
    namespace = "t-" + UUID.randomUUID().toString().substring(0, 8);
    api.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
    things = "/apis/" + GROUP + "/v1/namespaces/" + namespace + "/things";
  }

  @AfterEach
  void removeNamespace() {
    api.delete("/api/v1/namespaces/" + namespace, "");
  }

  private static String definition() {
    return """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
         "metadata":{"name":"things.%1$s"},
         "spec":{"group":"%1$s","scope":"Namespaced",
           "names":{"plural":"things","singular":"thing","kind":"Thing","listKind":"ThingList","shortNames":["tg"]},
           "versions":[{"name":"v1","served":true,"storage":true,
             "selectableFields":[{"jsonPath":".spec.key"}],
             "additionalPrinterColumns":[{"name":"Key","type":"string","jsonPath":".spec.key"}],
             "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
               "required":["key"],
               "properties":{"key":{"type":"string","maxLength":100},
                 "value":{"type":"string"},"count":{"type":"integer"}}}}}}}]}}
        """
        .formatted(GROUP);
  }

  private static String thing(String name, String key, String metadata) {
    return """
        {"apiVersion":"%s/v1","kind":"Thing","metadata":{"name":"%s"%s},"spec":{"key":"%s"}}
        """
        .formatted(GROUP, name, metadata, key);
  }

  private static String revision(String rv) {
    return ",\"resourceVersion\":\"" + rv + "\"";
  }

  private static String labels(String json) {
    return ",\"labels\":" + json;
  }

  private ApiUnderTest.Reply create(String name) {
    return create(name, "k", "");
  }

  private ApiUnderTest.Reply create(String name, String key, String metadata) {
    ApiUnderTest.Reply made = api.post(things, thing(name, key, metadata));
    assertThat(made.code()).as(made.http().body()).isEqualTo(201);
    return made;
  }

  private List<String> names(ApiUnderTest.Reply list) {
    assertThat(list.code()).as(list.http().body()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    list.body().path("items").forEach(i -> names.add(i.at("/metadata/name").asString("")));
    return names;
  }

  @Test
  void create_completesMetadata() {
    ApiUnderTest.Reply made = create("a");

    JsonNode metadata = made.body().path("metadata");
    assertThat(metadata.path("uid").asString("")).hasSize(36);
    assertThat(metadata.path("creationTimestamp").asString("")).endsWith("Z");
    assertThat(metadata.path("generation").asInt(0)).isEqualTo(1);
    assertThat(metadata.path("namespace").asString("")).isEqualTo(namespace);
    assertThat(api.get(things + "/a").body()).isEqualTo(made.body());
  }

  @Test
  void resourceVersion_acrossObjects_ascendsAndListAdvances() {
    long a = Long.parseUnsignedLong(create("a").resourceVersion());
    long b = Long.parseUnsignedLong(create("b").resourceVersion());
    long list = Long.parseUnsignedLong(api.get(things).resourceVersion());

    assertThat(b).isGreaterThan(a);
    assertThat(list).isGreaterThanOrEqualTo(b);
  }

  @Test
  void create_existingName_isAlreadyExists() {
    create("a");

    ApiUnderTest.Reply again = api.post(things, thing("a", "k", ""));

    assertThat(again.code()).isEqualTo(409);
    assertThat(again.reason()).isEqualTo("AlreadyExists");
    assertThat(again.body().at("/details/name").asString("")).isEqualTo("a");
  }

  @Test
  void create_withResourceVersion_is500() {
    ApiUnderTest.Reply reply = api.post(things, thing("a", "k", revision("5")));

    assertThat(reply.code()).isEqualTo(500);
    assertThat(reply.body().path("message").asString(""))
        .isEqualTo("resourceVersion should not be set on objects to be created");
  }

  @Test
  void create_inMissingNamespace_is404() {
    ApiUnderTest.Reply reply =
        api.post("/apis/" + GROUP + "/v1/namespaces/not-there/things", thing("a", "k", ""));

    assertThat(reply.code()).isEqualTo(404);
    assertThat(reply.body().at("/details/kind").asString("")).isEqualTo("namespaces");
  }

  @Test
  void create_generateName_appendsFiveCharacters() {
    String body = thing("a", "k", "").replace("\"name\":\"a\"", "\"generateName\":\"gen-\"");

    ApiUnderTest.Reply made = api.post(things, body);

    assertThat(made.code()).isEqualTo(201);
    assertThat(made.body().at("/metadata/name").asString("")).matches("gen-[a-z0-9]{5}");
  }

  @Test
  void create_invalidName_is422() {
    ApiUnderTest.Reply reply = api.post(things, thing("Not_A_Name", "k", ""));

    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.reason()).isEqualTo("Invalid");
    assertThat(reply.body().at("/details/causes/0/field").asString("")).isEqualTo("metadata.name");
  }

  @Test
  void create_schemaViolation_is422NamingTheField() {
    String body = thing("a", "k", "").replace("\"key\":\"k\"", "\"value\":\"v\"");

    ApiUnderTest.Reply reply = api.post(things, body);

    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.body().at("/details/causes/0/field").asString("")).isEqualTo("spec.key");
    assertThat(reply.body().at("/details/causes/0/reason").asString(""))
        .isEqualTo("FieldValueRequired");
  }

  @Test
  void create_unknownField_isPruned() {
    String body = thing("a", "k", "").replace("\"key\":\"k\"", "\"key\":\"k\",\"nope\":1");

    ApiUnderTest.Reply made = api.post(things, body);

    assertThat(made.code()).isEqualTo(201);
    assertThat(made.body().path("spec").has("nope")).isFalse();
  }

  @Test
  void create_malformedJson_is400() {
    ApiUnderTest.Reply reply = api.post(things, "{\"metadata\":{");

    assertThat(reply.code()).isEqualTo(400);
    assertThat(reply.reason()).isEqualTo("BadRequest");
  }

  @Test
  void create_twoMebibyteValue_is500() {
    String body =
        thing("a", "k", "")
            .replace("\"key\":\"k\"", "\"key\":\"k\",\"value\":\"" + "x".repeat(2 << 20) + "\"");

    assertThat(api.post(things, body).code()).isEqualTo(500);
    assertThat(api.get(things + "/a").code()).isEqualTo(404);
  }

  @Test
  void create_bodyOverThreeMebibytes_is413() {
    ApiUnderTest.Reply reply = api.post(things, thing("a", "x".repeat(4 << 20), ""));

    assertThat(reply.code()).isEqualTo(413);
    assertThat(reply.reason()).isEqualTo("RequestEntityTooLarge");
  }

  @Test
  void create_yaml_isAccepted() {
    String body =
        "apiVersion: %s/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  key: k\n".formatted(GROUP);

    assertThat(api.send("POST", things, body, "application/yaml").code()).isEqualTo(201);
  }

  @Test
  void create_yaml_takesTheWordsOfVersion11ForTruth() {
    String body = "apiVersion: %s/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  key: %s\n";

    for (String word : List.of("y", "No", "on", "OFF", "true")) {
      ApiUnderTest.Reply reply =
          api.send("POST", things, body.formatted(GROUP, word), "application/yaml");

      assertThat(reply.code()).as(word).isEqualTo(422);
      assertThat(reply.body().at("/details/causes/0/field").asString("")).isEqualTo("spec.key");
    }
    assertThat(api.send("POST", things, body.formatted(GROUP, "'y'"), "application/yaml").code())
        .isEqualTo(201);
  }

  @Test
  void anonymous_is401WithStatus() {
    ApiUnderTest.Reply reply = api.anonymous("/apis/" + GROUP + "/v1/things");

    assertThat(reply.code()).isIn(401, 403);
    assertThat(reply.body().path("kind").asString("")).isEqualTo("Status");
  }

  @Test
  void get_missing_is404WithStatus() {
    for (String method : List.of("GET", "DELETE")) {
      ApiUnderTest.Reply reply = api.send(method, things + "/none", "", "");

      assertThat(reply.code()).isEqualTo(404);
      assertThat(reply.reason()).isEqualTo("NotFound");
      assertThat(reply.body().path("kind").asString("")).isEqualTo("Status");
    }
  }

  @Test
  void put_missing_is404() {
    ApiUnderTest.Reply reply = api.put(things + "/none", thing("none", "k", revision("1")));

    assertThat(reply.code()).isEqualTo(404);
    assertThat(reply.reason()).isEqualTo("NotFound");
  }

  @Test
  void put_currentRevision_replacesAndCountsGeneration() {
    String rv = create("a").resourceVersion();

    ApiUnderTest.Reply put = api.put(things + "/a", thing("a", "new", revision(rv)));

    assertThat(put.code()).isEqualTo(200);
    assertThat(put.resourceVersion()).isNotEqualTo(rv);
    assertThat(put.body().at("/metadata/generation").asInt(0)).isEqualTo(2);
    assertThat(put.body().at("/spec/key").asString("")).isEqualTo("new");
  }

  @Test
  void put_staleRevision_is409Conflict() {
    String rv = create("a").resourceVersion();
    api.put(things + "/a", thing("a", "new", revision(rv)));

    ApiUnderTest.Reply stale = api.put(things + "/a", thing("a", "newer", revision(rv)));

    assertThat(stale.code()).isEqualTo(409);
    assertThat(stale.reason()).isEqualTo("Conflict");
  }

  @Test
  void put_identical_keepsResourceVersionAndSendsNoEvent() {
    ApiUnderTest.Reply made = create("a");
    try (WatchReader watch =
        api.watch(things + "?watch=true&resourceVersion=" + made.resourceVersion())) {

      ApiUnderTest.Reply put =
          api.put(things + "/a", thing("a", "k", revision(made.resourceVersion())));
      create("b");

      assertThat(put.code()).isEqualTo(200);
      assertThat(put.resourceVersion()).isEqualTo(made.resourceVersion());
      assertThat(watch.next(1)).containsExactly("ADDED b");
    }
  }

  @Test
  void put_withoutResourceVersion_is422() {
    create("a");

    ApiUnderTest.Reply reply = api.put(things + "/a", thing("a", "new", ""));

    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.reason()).isEqualTo("Invalid");
    assertThat(reply.body().at("/details/causes/0/field").asString(""))
        .isEqualTo("metadata.resourceVersion");
  }

  @Test
  void put_managedFieldsReset_dropsThem() {
    String rv = create("a").resourceVersion();

    ApiUnderTest.Reply put =
        api.put(things + "/a", thing("a", "n", revision(rv) + ",\"managedFields\":[{}]"));

    assertThat(put.code()).isEqualTo(200);
    assertThat(put.body().path("metadata").has("managedFields")).isFalse();
  }

  @Test
  void mergePatch_changesFields_andRefusesStaleRevision() {
    String rv = create("a").resourceVersion();

    ApiUnderTest.Reply patched = api.patch(things + "/a", MERGE, "{\"spec\":{\"value\":\"v\"}}");
    ApiUnderTest.Reply stale =
        api.patch(
            things + "/a",
            MERGE,
            "{\"metadata\":{\"resourceVersion\":\"" + rv + "\"},\"spec\":{\"value\":\"w\"}}");

    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.body().at("/spec/value").asString("")).isEqualTo("v");
    assertThat(stale.code()).isEqualTo(409);
  }

  @Test
  void jsonPatch_failingTest_is422() {
    create("a");

    ApiUnderTest.Reply reply =
        api.patch(
            things + "/a",
            "application/json-patch+json",
            "[{\"op\":\"test\",\"path\":\"/spec/key\",\"value\":\"other\"}]");

    assertThat(reply.code()).isEqualTo(422);
  }

  @Test
  void jsonPatch_replace_changesTheField() {
    create("a");

    ApiUnderTest.Reply reply =
        api.patch(
            things + "/a",
            "application/json-patch+json",
            "[{\"op\":\"replace\",\"path\":\"/spec/key\",\"value\":\"other\"}]");

    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.body().at("/spec/key").asString("")).isEqualTo("other");
  }

  @Test
  void strategicMergePatch_onCustomResource_is415() {
    create("a");

    ApiUnderTest.Reply reply =
        api.patch(things + "/a", "application/strategic-merge-patch+json", "{\"spec\":{}}");

    assertThat(reply.code()).isEqualTo(415);
  }

  @Test
  void apply_missing_createsIt_andAgain_changesNothing() {
    String path = things + "/s?fieldManager=one";
    String body = thing("s", "k", "");

    ApiUnderTest.Reply made = api.patch(path, "application/apply-patch+yaml", body);
    ApiUnderTest.Reply again = api.patch(path, "application/apply-patch+yaml", body);

    assertThat(made.code()).isEqualTo(201);
    assertThat(made.body().at("/metadata/managedFields/0/manager").asString("")).isEqualTo("one");
    assertThat(again.code()).isEqualTo(200);
    assertThat(again.resourceVersion()).isEqualTo(made.resourceVersion());
  }

  @Test
  void apply_fieldOfAnotherManager_is409UntilForced() {
    api.patch(things + "/s?fieldManager=one", "application/apply-patch+yaml", thing("s", "k", ""));
    String other = thing("s", "other", "");

    ApiUnderTest.Reply refused =
        api.patch(things + "/s?fieldManager=two", "application/apply-patch+yaml", other);
    ApiUnderTest.Reply forced =
        api.patch(things + "/s?fieldManager=two&force=true", "application/apply-patch+yaml", other);

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
    assertThat(refused.body().at("/details/causes/0/field").asString("")).isEqualTo(".spec.key");
    assertThat(forced.code()).isEqualTo(200);
    assertThat(forced.body().at("/spec/key").asString("")).isEqualTo("other");
  }

  @Test
  void delete_answersStatusWithoutResourceVersion() {
    create("a");

    ApiUnderTest.Reply reply = api.delete(things + "/a", "");

    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.body().path("kind").asString("")).isEqualTo("Status");
    assertThat(reply.body().path("status").asString("")).isEqualTo("Success");
    assertThat(reply.resourceVersion()).isEmpty();
  }

  @Test
  void delete_unmetPrecondition_is409AndKeeps() {
    create("a");

    for (String wrong : List.of("{\"uid\":\"x\"}", "{\"resourceVersion\":\"1\"}")) {
      ApiUnderTest.Reply reply =
          api.delete(
              things + "/a",
              "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"preconditions\":" + wrong + "}");

      assertThat(reply.code()).isEqualTo(409);
      assertThat(reply.reason()).isEqualTo("Conflict");
    }
    assertThat(api.get(things + "/a").code()).isEqualTo(200);
  }

  @Test
  void delete_metPreconditions_deletes() {
    ApiUnderTest.Reply made = create("a");
    String wanted =
        "{\"uid\":\"%s\",\"resourceVersion\":\"%s\"}"
            .formatted(made.body().at("/metadata/uid").asString(""), made.resourceVersion());

    ApiUnderTest.Reply reply = api.delete(things + "/a", "{\"preconditions\":" + wanted + "}");

    assertThat(reply.code()).isEqualTo(200);
  }

  @Test
  void delete_withFinalizer_marksUntilItIsGone() {
    create("a", "k", ",\"finalizers\":[\"kubekv.io/test\"]");

    ApiUnderTest.Reply marked = api.delete(things + "/a", "");
    ApiUnderTest.Reply last =
        api.patch(things + "/a", MERGE, "{\"metadata\":{\"finalizers\":null}}");

    assertThat(marked.code()).isEqualTo(200);
    assertThat(marked.body().path("metadata").has("deletionTimestamp")).isTrue();
    assertThat(last.code()).isEqualTo(200);
    assertThat(api.get(things + "/a").code()).isEqualTo(404);
  }

  @Test
  void deleteCollection_deletesWhatIsSelected() {
    create("a", "k", labels("{\"x\":\"1\"}"));
    create("b");

    ApiUnderTest.Reply reply = api.delete(things + "?labelSelector=x%3D1", "");

    assertThat(reply.code()).isEqualTo(200);
    assertThat(names(api.get(things))).containsExactly("b");
  }

  @Test
  void list_labelSelectors_select() {
    create("a", "k", labels("{\"x\":\"1\"}"));
    create("b", "k", labels("{\"x\":\"2\",\"y\":\"1\"}"));
    create("c");

    assertThat(names(api.get(things + "?labelSelector=x%3D1"))).containsExactly("a");
    assertThat(names(api.get(things + "?labelSelector=x%3D%3D1"))).containsExactly("a");
    assertThat(names(api.get(things + "?labelSelector=x!%3D1"))).containsExactly("b", "c");
    assertThat(names(api.get(things + "?labelSelector=x%20in%20(1,2)"))).containsExactly("a", "b");
    assertThat(names(api.get(things + "?labelSelector=x%20notin%20(1)"))).containsExactly("b", "c");
    assertThat(names(api.get(things + "?labelSelector=x,!y"))).containsExactly("a");
    assertThat(names(api.get(things + "?labelSelector=!x"))).containsExactly("c");
  }

  @Test
  void list_fieldSelectors_select() {
    create("a", "one", "");
    create("b", "two", "");

    assertThat(names(api.get(things + "?fieldSelector=metadata.name%3Da"))).containsExactly("a");
    assertThat(names(api.get(things + "?fieldSelector=metadata.namespace%3D" + namespace)))
        .containsExactly("a", "b");
    assertThat(names(api.get(things + "?fieldSelector=spec.key%3Dtwo"))).containsExactly("b");
    assertThat(api.get(things + "?fieldSelector=spec.value%3Dx").code()).isEqualTo(400);
  }

  @Test
  void list_limitAndContinue_pagesOneSnapshotSortedByName() {
    for (String name : List.of("d", "b", "a", "c", "e")) {
      create(name);
    }

    ApiUnderTest.Reply first = api.get(things + "?limit=2");
    create("aa");
    String token = first.body().at("/metadata/continue").asString("");
    ApiUnderTest.Reply second = api.get(things + "?limit=2&continue=" + token);
    ApiUnderTest.Reply third =
        api.get(
            things + "?limit=2&continue=" + second.body().at("/metadata/continue").asString(""));

    assertThat(names(first)).containsExactly("a", "b");
    assertThat(first.body().at("/metadata/remainingItemCount").asInt(0)).isEqualTo(3);
    assertThat(names(second)).containsExactly("c", "d");
    assertThat(names(third)).containsExactly("e");
    assertThat(third.body().at("/metadata/continue").asString("absent")).isEmpty();
    assertThat(third.resourceVersion()).isEqualTo(first.resourceVersion());
  }

  @Test
  void list_whole_hasAnEmptyContinue_exceptOfBuiltInTypes() {
    String leases = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";

    assertThat(api.get(things).body().at("/metadata/continue").asString("absent")).isEmpty();
    assertThat(api.get(leases).body().at("/metadata").has("continue")).isFalse();
  }

  @Test
  void list_exactOlderRevision_showsThatState() {
    create("a");
    create("b");
    String rv = create("c").resourceVersion();
    create("d");
    api.delete(things + "/a", "");

    ApiUnderTest.Reply exact =
        api.get(things + "?resourceVersion=" + rv + "&resourceVersionMatch=Exact");

    assertThat(names(exact)).containsExactly("a", "b", "c");
    assertThat(exact.resourceVersion()).isEqualTo(rv);
    assertThat(
            names(
                api.get(things + "?resourceVersion=" + rv + "&resourceVersionMatch=NotOlderThan")))
        .containsExactly("b", "c", "d");
  }

  @Test
  void list_futureRevision_is504() {
    ApiUnderTest.Reply reply =
        api.get(things + "?resourceVersion=999999999999&resourceVersionMatch=NotOlderThan");

    assertThat(reply.code()).isEqualTo(504);
    assertThat(reply.body().at("/details/causes/0/reason").asString(""))
        .isEqualTo("ResourceVersionTooLarge");
  }

  @Test
  void list_matchWithoutRevision_isRefused() {
    assertThat(api.get(things + "?resourceVersionMatch=Exact").code()).isIn(400, 422);
  }

  @Test
  void watch_fromRevision_sendsExactlyTheLaterChanges() {
    create("a");
    String rv = create("b").resourceVersion();
    ApiUnderTest.Reply c = create("c");
    api.put(things + "/c", thing("c", "new", revision(c.resourceVersion())));
    api.delete(things + "/a", "");

    try (WatchReader watch = api.watch(things + "?watch=true&resourceVersion=" + rv)) {
      assertThat(watch.code()).isEqualTo(200);
      assertThat(watch.next(3)).containsExactly("ADDED c", "MODIFIED c", "DELETED a");
    }
  }

  @Test
  void watch_deletedEvent_carriesTheRevisionOfTheDelete() {
    ApiUnderTest.Reply made = create("a");
    try (WatchReader watch =
        api.watch(things + "?watch=true&resourceVersion=" + made.resourceVersion())) {
      api.delete(things + "/a", "");

      JsonNode event = watch.next();

      assertThat(WatchReader.type(event)).isEqualTo("DELETED");
      assertThat(Long.parseUnsignedLong(WatchReader.revision(event)))
          .isGreaterThan(Long.parseUnsignedLong(made.resourceVersion()));
      assertThat(event.at("/object/spec/key").asString("")).isEqualTo("k");
    }
  }

  @Test
  void watch_withoutRevision_beginsWithTheState() {
    create("a");
    try (WatchReader watch = api.watch(things + "?watch=true")) {
      assertThat(watch.next(1)).containsExactly("ADDED a");
      create("b");
      assertThat(watch.next(1)).containsExactly("ADDED b");
    }
  }

  @Test
  void watch_objectLeavesTheSelector_isDeletedWithTheNewRevision() {
    String rv = create("a", "k", labels("{\"x\":\"1\"}")).resourceVersion();
    try (WatchReader watch =
        api.watch(things + "?watch=true&labelSelector=x%3D1&resourceVersion=" + rv)) {
      ApiUnderTest.Reply left =
          api.patch(things + "/a", MERGE, "{\"metadata\":{\"labels\":{\"x\":\"2\"}}}");
      ApiUnderTest.Reply back =
          api.patch(things + "/a", MERGE, "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}");

      JsonNode deleted = watch.next();
      JsonNode added = watch.next();

      assertThat(WatchReader.type(deleted)).isEqualTo("DELETED");
      assertThat(WatchReader.revision(deleted)).isEqualTo(left.resourceVersion());
      assertThat(WatchReader.type(added)).isEqualTo("ADDED");
      assertThat(WatchReader.revision(added)).isEqualTo(back.resourceVersion());
    }
  }

  @Test
  void watch_timeoutSeconds_endsIt() {
    String rv = create("a").resourceVersion();
    try (WatchReader watch =
        api.watch(things + "?watch=true&timeoutSeconds=1&resourceVersion=" + rv)) {
      assertThat(WatchReader.type(watch.next())).isEqualTo("END");
    }
  }

  @Test
  void watch_bookmarks_comeBeforeTheEnd() {
    String rv = create("a").resourceVersion();
    String later = create("b").resourceVersion();

    JsonNode bookmark = firstEventOfA(rv, 4);
    assumeTrue(
        api.isEmbedded() || !WatchReader.type(bookmark).equals("END"),
        "kube-apiserver left out the bookmark before the end, which it does not promise");

    assertThat(WatchReader.type(bookmark)).isEqualTo("BOOKMARK");
    assertThat(Long.parseUnsignedLong(WatchReader.revision(bookmark)))
        .isGreaterThanOrEqualTo(Long.parseUnsignedLong(later));
    assertThat(bookmark.at("/object/kind").asString("")).isEqualTo("Thing");
  }

  private JsonNode firstEventOfA(String after, int timeoutSeconds) {
    String query =
        ("?watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
                + "&fieldSelector=metadata.name%%3Da")
            .formatted(timeoutSeconds, after);
    try (WatchReader watch = api.watch(things + query)) {
      return watch.next(e -> true);
    }
  }

  @Test
  void watch_sendInitialEvents_endsTheStateWithAnAnnotatedBookmark() {
    create("a");
    create("b");
    try (WatchReader watch =
        api.watch(
            things
                + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
                + "&resourceVersionMatch=NotOlderThan")) {
      assertThat(watch.next(2)).containsExactly("ADDED a", "ADDED b");
      JsonNode bookmark = watch.next(e -> WatchReader.type(e).equals("BOOKMARK"));

      assertThat(
              bookmark
                  .at("/object/metadata/annotations")
                  .path("k8s.io/initial-events-end")
                  .asString(""))
          .isEqualTo("true");
    }
  }

  @Test
  void watch_sendInitialEventsWithoutMatch_is422() {
    assertThat(api.get(things + "?watch=true&sendInitialEvents=true").code()).isEqualTo(422);
  }

  @Test
  void watch_compactedRevision_isErrorEvent410() {
    create("a");
    api.forgetHistory();
    try (WatchReader watch = api.watch(things + "?watch=true&resourceVersion=1")) {
      JsonNode event = watch.next();

      assertThat(watch.code()).isEqualTo(200);
      assertThat(WatchReader.type(event)).isEqualTo("ERROR");
      assertThat(event.at("/object/code").asInt(0)).isEqualTo(410);
      assertThat(event.at("/object/reason").asString("")).isEqualTo("Expired");
    }
  }

  @Test
  void counters_eightConcurrentWriters_loseNothing() throws Exception {
    create("n");

    inParallel(
        8,
        () -> {
          for (int i = 0; i < 20; i++) {
            increment("n");
          }
          return 0;
        });

    assertThat(api.get(things + "/n").body().at("/spec/count").asInt(0)).isEqualTo(160);
  }

  private void increment(String name) {
    while (true) {
      JsonNode now = api.get(things + "/" + name).body();
      int next = now.at("/spec/count").asInt(0) + 1;
      String body =
          thing(name, "k", revision(now.at("/metadata/resourceVersion").asString("")))
              .replace("\"key\":\"k\"", "\"key\":\"k\",\"count\":" + next);
      int code = api.put(things + "/" + name, body).code();
      if (code == 200) {
        return;
      }
      assertThat(code).isEqualTo(409);
    }
  }

  @Test
  void creators_eightConcurrent_haveOneWinnerEach() throws Exception {
    Set<String> won = ConcurrentHashMap.newKeySet();

    inParallel(
        8,
        () -> {
          for (int i = 0; i < 20; i++) {
            if (api.post(things, thing("c" + i, "k", "")).code() == 201) {
              assertThat(won.add("c" + i)).isTrue();
            }
          }
          return 0;
        });

    assertThat(won).hasSize(20);
  }

  private static void inParallel(int workers, Callable<Integer> work) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        all.add(executor.submit(work));
      }
      for (Future<Integer> one : all) {
        one.get();
      }
    }
  }

  @Test
  void lease_putOfMissing_createsIt() {
    String leases = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    String lease =
        """
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"l"%s},
         "spec":{"holderIdentity":"me","leaseDurationSeconds":6,
                 "renewTime":"2026-01-01T00:00:00.123456Z"}}
        """;

    ApiUnderTest.Reply made = api.put(leases + "/l", lease.formatted(""));
    ApiUnderTest.Reply renewed =
        api.put(
            leases + "/l",
            lease
                .formatted(revision(made.resourceVersion()))
                .replace(":00.123456Z", ":01.123456Z"));

    assertThat(made.code()).isEqualTo(201);
    assertThat(renewed.code()).isEqualTo(200);
    assertThat(renewed.body().at("/spec/renewTime").asString(""))
        .isEqualTo("2026-01-01T00:00:01.123456Z");
  }

  @Test
  @Tag("controllers")
  void namespace_deleted_takesItsObjectsAlong() {
    create("a");

    api.delete("/api/v1/namespaces/" + namespace, "");

    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> api.get(things + "/a").code() == 404);
  }

  @Test
  void definition_isEstablished() {
    JsonNode definition =
        api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things." + GROUP).body();

    List<String> conditions = new ArrayList<>();
    definition
        .at("/status/conditions")
        .forEach(c -> conditions.add(c.path("type").asString("") + c.path("status").asString("")));
    assertThat(conditions).contains("EstablishedTrue", "NamesAcceptedTrue");
  }
}
