package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static io.kubekv.embedded.TestTypes.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.embedded.ServerSideApply.Change;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ServerSideApplyTest {
  private final ResourceType type = TestTypes.keyValues();
  private final ResourceType atomic =
      TestTypes.keyValues(
          object("{'type':'object','properties':{'spec':{'x-kubernetes-map-type':'atomic'}}}"));

  private static Change by(String manager) {
    return new Change(manager, "2026-01-01T00:00:00Z", false);
  }

  private static Change byForce(String manager) {
    return new Change(manager, "2026-01-01T00:00:00Z", true);
  }

  private static ObjectNode body(String labels, String spec) {
    return object(
        "{'apiVersion':'kubekv.io/v1','kind':'KeyValue','metadata':{'name':'k'%s},'spec':%s}"
            .formatted(labels, spec));
  }

  private ObjectNode applied(String manager, String spec) {
    return ServerSideApply.apply(Optional.empty(), body("", spec), type, by(manager));
  }

  @Test
  void apply_toNothing_createsAndOwnsWhatWasSaid() {
    ObjectNode created = applied("me", "{'a':1,'b':{'c':[1]}}");

    assertThat(created.path("spec")).isEqualTo(json("{'a':1,'b':{'c':[1]}}"));
    assertThat(created.at("/metadata/managedFields"))
        .isEqualTo(
            json(
                """
                [{'manager':'me','operation':'Apply','apiVersion':'kubekv.io/v1',
                  'time':'2026-01-01T00:00:00Z','fieldsType':'FieldsV1',
                  'fieldsV1':{'f:spec':{'f:a':{},'f:b':{'f:c':{}}}}}]
                """));
  }

  @Test
  void apply_again_changesNothingSoThatNoWriteIsNeeded() {
    ObjectNode created = applied("me", "{'a':1}");
    Change later = new Change("me", "2027-01-01T00:00:00Z", false);

    assertThat(ServerSideApply.apply(Optional.of(created), body("", "{'a':1}"), type, later))
        .isEqualTo(created);
  }

  @Test
  void apply_withoutAFieldItOwned_removesIt() {
    ObjectNode created = applied("me", "{'a':1,'b':{'c':1}}");

    ObjectNode result =
        ServerSideApply.apply(Optional.of(created), body("", "{'a':2}"), type, by("me"));

    assertThat(result.path("spec")).isEqualTo(json("{'a':2}"));
  }

  @Test
  void apply_withoutAFieldThatAnotherOwnsToo_keepsIt() {
    ObjectNode created = applied("me", "{'a':1,'b':1}");
    ObjectNode shared =
        ServerSideApply.apply(Optional.of(created), body("", "{'b':1}"), type, by("you"));

    ObjectNode result =
        ServerSideApply.apply(Optional.of(shared), body("", "{'a':1}"), type, by("me"));

    assertThat(result.path("spec")).isEqualTo(json("{'a':1,'b':1}"));
  }

  @Test
  void apply_toAFieldOfAnother_isAConflictThatNamesBoth() {
    ObjectNode created = applied("me", "{'a':1}");

    assertThatThrownBy(
            () -> ServerSideApply.apply(Optional.of(created), body("", "{'a':2}"), type, by("you")))
        .hasMessage(
            "Apply failed with 1 conflict: conflict with \"me\" using kubekv.io/v1: .spec.a")
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.code()).isEqualTo(409);
              assertThat(e.status().at("/details/causes/0/reason").asString())
                  .isEqualTo("FieldManagerConflict");
            });
  }

  @Test
  void apply_byForce_takesTheField() {
    ObjectNode created = applied("me", "{'a':1}");

    ObjectNode result =
        ServerSideApply.apply(Optional.of(created), body("", "{'a':2}"), type, byForce("you"));

    assertThat(result.at("/spec/a").asInt()).isEqualTo(2);
    assertThat(result.at("/metadata/managedFields").findValuesAsString("manager"))
        .containsExactly("you");
  }

  @Test
  void apply_toAnObjectThatNobodyApplied_conflictsWithWhatWasThere() {
    ObjectNode live = body("", "{'a':1,'b':1}");

    assertThatThrownBy(
            () -> ServerSideApply.apply(Optional.of(live), body("", "{'a':2}"), type, by("me")))
        .hasMessageContaining("before-first-apply");
    assertThat(
            ServerSideApply.apply(Optional.of(live), body("", "{'a':1}"), type, by("me"))
                .path("spec"))
        .isEqualTo(json("{'a':1,'b':1}"));
  }

  @Test
  void apply_toAnAtomicMap_replacesItWhole() {
    ObjectNode created =
        ServerSideApply.apply(Optional.empty(), body("", "{'a':1,'b':1}"), atomic, by("me"));

    ObjectNode result =
        ServerSideApply.apply(Optional.of(created), body("", "{'c':1}"), atomic, by("me"));

    assertThat(result.path("spec")).isEqualTo(json("{'c':1}"));
    assertThat(result.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(json("{'f:spec':{}}"));
  }

  @Test
  void apply_withoutManagerOrWithManagedFields_isRefused() {
    assertThatThrownBy(() -> applied("", "{}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    assertThatThrownBy(
            () ->
                ServerSideApply.apply(
                    Optional.empty(), body(",'managedFields':[]", "{}"), type, by("me")))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void trackUpdate_ofAnAppliedObject_givesChangedFieldsToTheUpdater() {
    ObjectNode before = applied("me", "{'a':1,'b':1,'c':1}");
    ObjectNode after = body("", "{'a':2,'b':1}");

    ServerSideApply.trackUpdate(before, after, type, by("editor"));

    FieldManagers managers = FieldManagers.of(after);
    assertThat(managers.owned("me", FieldManagers.APPLY).paths()).hasToString("[[spec, b]]");
    assertThat(managers.owned("editor", FieldManagers.UPDATE).paths()).hasToString("[[spec, a]]");
  }

  @Test
  void trackUpdate_ofAnObjectNobodyApplied_doesNothing() {
    ObjectNode after = body("", "{'a':2}");

    ServerSideApply.trackUpdate(body("", "{'a':1}"), after, type, by("editor"));

    assertThat(after.path("metadata").has("managedFields")).isFalse();
  }
}
