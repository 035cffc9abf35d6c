package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.k8s.api.ApiFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of edits by others. */
class ViewEditsTest {
  private final ViewRig rig = new ViewRig();

  @BeforeEach
  void begin() {
    rig.settle();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void shown(String key, String value) {
    rig.put(key, value);
    rig.settle();
  }

  /** Every value that the key has had, oldest first. */
  private List<String> history(String key) {
    List<String> values = new ArrayList<>();
    try (Watch watch = rig.store.watch(WatchRequest.fromOldest(new Range.Exact(Key.of(key))))) {
      Optional<WatchEvent> event = watch.next(Duration.ZERO);
      while (event.isPresent()) {
        switch (event.get()) {
          case WatchEvent.Put put -> values.add(put.entry().value().toText());
          case WatchEvent.Delete delete -> values.add("-");
          case WatchEvent.Progress progress -> {}
          case WatchEvent.HistoryGone gone -> values.add("?");
        }
        event = watch.next(Duration.ZERO);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return values;
  }

  @Test
  void edit_ofTheRevisionThatIsCurrent_isAChangeLikeAnyOther() {
    shown("a", "one");
    rig.edit("a", "value", "two");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.entry("a").orElseThrow().version()).isEqualTo(2);
    assertThat(history("a")).containsExactly("one", "two");
    assertThat(rig.condition("a")).contains("status=True", "Applied");
    assertThat(rig.seen("a").status().revision())
        .contains(rig.entry("a").orElseThrow().modifyRevision());
    assertThat(rig.events.writes).hasSize(1);
  }

  @Test
  void edit_thatIsApplied_isShownWithItsCause() {
    shown("a", "one");
    rig.edit("a", "value", "two");
    rig.settle();

    assertThat(ViewForm.spec(rig.object("a").orElseThrow()))
        .containsEntry("cause", "CompareAndSwap");
  }

  @Test
  void edit_ofFlagsAndTimeToLive_isApplied() {
    shown("a", "one");
    GenericKubernetesResource object = rig.object("a").orElseThrow();
    ViewRig.edited(object, "flags", "18446744073709551615");
    rig.replace(ViewRig.edited(object, "ttl", "60s"));
    rig.settle();

    Entry entry = rig.entry("a").orElseThrow();
    assertThat(entry.flags()).isEqualTo(-1);
    assertThat(entry.expiry().map(Expiry::timeToLive)).contains(Duration.ofSeconds(60));
  }

  @Test
  void edit_ofAnAttachedKey_leavesItAttached() {
    SessionId session = Await.change(rig.store.sessions().create(SessionSpec.random())).id();
    PutRequest put = PutRequest.of(Key.of("a"), Bytes.utf8("one"));
    assertThat(Await.change(rig.store.put(put.withAttachment(new Attachment.To(session)))))
        .isInstanceOf(PutOutcome.Stored.class);
    rig.settle();
    assertThat(ViewForm.spec(rig.object("a").orElseThrow()))
        .containsEntry("attachedTo", session.toString());

    rig.edit("a", "value", "two");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.entry("a").orElseThrow().attachedTo()).contains(session);
  }

  @Test
  void edit_ofAnOldRevision_isRefusedAndWrittenBack() {
    shown("a", "one");
    GenericKubernetesResource old = rig.object("a").orElseThrow();
    shown("a", "two");
    // what kubectl apply does with a file that was written from an older object
    GenericKubernetesResource edited = ViewRig.edited(old, "value", "three");
    edited
        .getMetadata()
        .setResourceVersion(rig.object("a").orElseThrow().getMetadata().getResourceVersion());
    rig.replace(edited);
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("status=False", "Conflict", "is at revision 3");
    assertThat(rig.events.writes).hasSize(1);
    shown("a", "four");
    assertThat(rig.condition("a")).as("the next change").doesNotContain("Conflict");
  }

  @Test
  void objectPutBackAsItWasSavedEarlier_isRefusedAndWrittenBack() {
    shown("a", "one");
    GenericKubernetesResource saved = rig.object("a").orElseThrow();
    shown("a", "two");
    // what kubectl replace does with a file that was written from an older object
    saved
        .getMetadata()
        .setResourceVersion(rig.object("a").orElseThrow().getMetadata().getResourceVersion());
    rig.replace(saved);
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("status=False", "Conflict", "revision 2");
    assertThat(rig.events.writes).hasSize(1);
    shown("a", "three");
    assertThat(rig.condition("a")).as("the next change").doesNotContain("Conflict");
  }

  @Test
  void edit_whileAnotherChangeIsOnItsWayToTheObject_isRefused() {
    shown("a", "one");
    rig.put("a", "two");
    rig.edit("a", "value", "three");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("Conflict");
  }

  @Test
  void edit_rightBeforeOurWrite_isNotBuried() {
    shown("a", "one");
    shown("b", "x");
    Await.change(rig.store.put(PutRequest.of(Key.of("a"), io.kubekv.Bytes.utf8("two"))));
    // the view has decided to write the object, and the edit comes in between
    rig.keys.beforeWrite =
        () -> {
          GenericKubernetesResource object = rig.object("a").orElseThrow();
          rig.replaceUnseen(ViewRig.edited(object, "value", "edited"));
        };
    rig.settle();

    assertThat(rig.value("a")).as("the edit was of revision 2").isEqualTo("two");
    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).as("its author is told").contains("Conflict");
  }

  @Test
  void edit_rightBeforeARepair_isApplied() {
    shown("a", "one");
    rig.replace(withStatus(rig.object("a").orElseThrow(), "revision", "7"));
    rig.keys.beforeWrite =
        () -> {
          GenericKubernetesResource object = rig.object("a").orElseThrow();
          rig.replaceUnseen(ViewRig.edited(withStatus(object, "revision", "2"), "value", "edited"));
        };
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("edited");
    assertThat(rig.condition("a")).contains("status=True");
  }

  @SuppressWarnings("unchecked")
  private static GenericKubernetesResource withStatus(
      GenericKubernetesResource object, String field, String value) {
    Map<String, Object> status =
        new LinkedHashMap<>((Map<String, Object>) object.getAdditionalProperties().get("status"));
    status.put(field, value);
    object.setAdditionalProperty("status", status);
    return object;
  }

  @Test
  void statusChangedByOthers_isWrittenBackAndNoChange() {
    shown("a", "one");
    rig.replace(withStatus(rig.object("a").orElseThrow(), "revision", "7"));
    rig.settle();

    assertThat(history("a")).containsExactly("one");
    assertThat(rig.condition("a")).contains("revision=2");
  }

  @Test
  void restart_betweenTheChangeAndTheWriteBack_appliesTheEditOnce() {
    shown("a", "one");
    rig.keys.refuseWrites(new ApiFailure.Unreachable("the process ends here"));
    rig.edit("a", "value", "two");
    rig.step();
    assertThat(rig.value("a")).isEqualTo("two");
    rig.keys.refuseWrites(null);
    rig.restart();
    rig.settle();

    assertThat(history("a")).containsExactly("one", "two");
    assertThat(rig.condition("a")).contains("status=True", "Applied");
  }

  @Test
  void restart_betweenTheChangeAndTheWriteBackAndChangedSince_isStillApplied() {
    shown("a", "one");
    rig.keys.refuseWrites(new ApiFailure.Unreachable("the process ends here"));
    rig.edit("a", "value", "two");
    rig.step();
    rig.put("a", "three");
    rig.put("a", "one");
    rig.keys.refuseWrites(null);
    rig.restart();
    rig.settle();

    assertThat(history("a")).containsExactly("one", "two", "three", "one");
    assertThat(rig.condition("a")).contains("status=True", "revision 3");
    assertThat(rig.shown("a")).isEqualTo("one");
  }

  @Test
  void restart_afterACreateWhoseKeyIsGoneAgain_doesNotMakeTheKeyAgain() {
    rig.create("a", "one");
    rig.step(); // marks it
    rig.keys.refuseWrites(new ApiFailure.Unreachable("the process ends here"));
    rig.step();
    assertThat(rig.value("a")).isEqualTo("one");
    Await.change(rig.store.delete(DeleteRequest.of(Key.of("a"))));
    rig.keys.refuseWrites(null);
    rig.restart();
    rig.settle();

    assertThat(history("a")).containsExactly("one", "-");
  }

  @Test
  void edit_whoseOutcomeIsUnknown_isAppliedOnce() {
    UncertainStore uncertain = new UncertainStore();
    try (ViewRig unsure = new ViewRig(settings -> settings, uncertain::over)) {
      unsure.put("a", "one");
      unsure.settle();
      uncertain.loseNextAnswer();
      unsure.edit("a", "value", "two");
      unsure.settle();
      assertThat(unsure.entry("a").orElseThrow().version()).isEqualTo(2);
      assertThat(unsure.condition("a")).contains("status=True", "revision 3");
      uncertain.loseNextRequest();
      unsure.edit("a", "value", "three");
      unsure.settle();
      assertThat(unsure.entry("a").orElseThrow().version()).isEqualTo(3);
      assertThat(unsure.value("a")).isEqualTo("three");
    }
  }

  @Test
  void create_ofAnAbsentKey_makesTheKey() {
    rig.create("new/key", "one");
    rig.settle();

    assertThat(rig.value("new/key")).isEqualTo("one");
    assertThat(history("new/key")).containsExactly("one");
    assertThat(rig.condition("new/key")).contains("status=True", "revision=2");
    rig.edit("new/key", "value", "two");
    rig.settle();
    assertThat(rig.value("new/key")).isEqualTo("two");
  }

  @Test
  void create_fromAnObjectThatWasSavedAndDeleted_makesTheKeyAgain() {
    shown("other", "x");
    shown("a", "one");
    Map<String, Object> saved = new HashMap<>(ViewForm.spec(rig.object("a").orElseThrow()));
    rig.delete("a");
    rig.settle();
    assertThat(rig.value("a")).isEqualTo("-");
    rig.create(ViewRig.name("a"), saved);
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("one");
  }

  @Test
  void create_ofAKeyThatExists_isRefused() {
    rig.put("a", "one");
    rig.create("a", "two");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("one");
    assertThat(rig.shown("a")).isEqualTo("one");
    assertThat(rig.condition("a")).contains("status=False", "Conflict", "the key exists");
  }

  @Test
  void create_withAnotherKeysName_isRefusedAndSaysTheName() {
    rig.create("k-anything", Map.of("type", "Value", "key", "a", "value", "x"));
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("-");
    assertThat(statusOf("k-anything")).contains("Invalid", ViewRig.name("a"));
    rig.keys.writes.clear();
    rig.restart();
    rig.settle();
    assertThat(rig.keys.writes).as("what was judged is left alone").isEmpty();
  }

  private String statusOf(String name) {
    try {
      return String.valueOf(
          rig.keys.get(name).orElseThrow().getAdditionalProperties().get("status"));
    } catch (io.kubekv.k8s.api.ApiCallException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void create_overALimit_isRefusedAndLeftWithItsReason() {
    String deep = "a/".repeat(200) + "b";
    rig.create(deep, "x");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("-");
    assertThat(rig.condition(deep)).contains("status=False", "TooLarge", "key depth");
  }

  @Test
  void edit_thatIsNoBase64_isRefused() {
    shown("a", "one");
    GenericKubernetesResource object = rig.object("a").orElseThrow();
    Map<String, Object> spec = new LinkedHashMap<>(ViewForm.spec(object));
    spec.remove("value");
    spec.put("valueBase64", "***");
    object.setAdditionalProperty("spec", spec);
    rig.replace(object);
    rig.settle();

    assertThat(rig.shown("a")).isEqualTo("one");
    assertThat(rig.condition("a")).contains("status=False", "Invalid", "spec.valueBase64");
    assertThat(history("a")).containsExactly("one");
  }

  @Test
  void objectThatClaimsToShowAKeyOverALimit_stopsNobody() {
    shown("a", "one");
    String deep = "a/".repeat(200) + "b";
    var unused = rig.create(deep, "x");
    rig.settle();
    GenericKubernetesResource forged = rig.object(deep).orElseThrow();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("store", rig.seen("a").status().store());
    status.put("revision", "1");
    status.put("hash", ViewForm.hash(ViewForm.spec(forged)));
    forged.setAdditionalProperty("status", status);
    rig.replace(forged);
    rig.settle();
    rig.delete(deep);
    rig.settle();
    shown("a", "two");

    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.work.figures().problem()).isEmpty();
  }

  @Test
  void edit_ofTheKey_isRefusedAndTheObjectShowsItsKeyAgain() {
    shown("a", "one");
    rig.edit("a", "key", "b");
    rig.settle();

    assertThat(rig.seen("a").key()).isEqualTo("a");
    assertThat(rig.condition("a")).contains("status=False", "Invalid");
    rig.work.close();
    rig.replaceUnseen(ViewRig.edited(rig.object("a").orElseThrow(), "key", "b"));
    rig.restart();
    rig.settle();
    assertThat(rig.seen("a").key()).as("by a new process").isEqualTo("a");
    assertThat(history("a")).containsExactly("one");
  }

  @Test
  void edit_ofWhatCannotBeEdited_isRefusedByName() {
    shown("a", "one");
    rig.edit("a", "version", 7);
    rig.settle();

    assertThat(rig.condition("a")).contains("status=False", "NotEditable", "spec.version");
    assertThat(ViewForm.spec(rig.object("a").orElseThrow())).containsEntry("version", 1);
  }

  @Test
  void delete_ofTheObject_deletesTheKey() {
    shown("other", "x");
    shown("a", "one");
    rig.delete("a");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("-");
    assertThat(history("a")).containsExactly("one", "-");
    assertThat(rig.objects()).hasSize(1);
  }

  @Test
  void delete_ofTheObjectOfAnOldRevision_isRefused() {
    shown("other", "x");
    shown("a", "one");
    rig.put("a", "two");
    rig.delete("a");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
    assertThat(rig.shown("a")).isEqualTo("two");
    assertThat(rig.condition("a")).contains("status=False", "Conflict");
  }

  @Test
  void delete_ofAnObjectThatAFormerHolderHasWithdrawn_deletesNoKey() {
    shown("other", "x");
    shown("a", "one");
    GenericKubernetesResource object = rig.object("a").orElseThrow();
    Map<String, Object> status = new LinkedHashMap<>(ViewForm.map(object, "status"));
    status.put("withdrawn", true);
    object.setAdditionalProperty("status", status);
    rig.replaceUnseen(object);
    rig.delete("a");
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("one");
    assertThat(rig.shown("a")).isEqualTo("one");
  }

  @Test
  void delete_ofADirectoryWithKeys_isRefused() {
    Await.change(rig.store.put(PutRequest.directory(Key.of("d"))));
    Await.change(
        rig.store.put(
            PutRequest.of(Key.of("d/a"), io.kubekv.Bytes.utf8("x"))
                .withLayout(io.kubekv.Layout.TREE)));
    rig.settle();
    rig.delete("d");
    rig.settle();

    assertThat(rig.entry("d")).isPresent();
    assertThat(rig.condition("d")).contains("NotEmpty");
  }

  @Test
  void delete_ofAllObjects_deletesNoKeyAndTheyComeBack() {
    for (int i = 0; i < 30; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    rig.deleteAll();
    rig.settle();

    assertThat(rig.store.status().entries()).isEqualTo(30);
    assertThat(rig.objects()).hasSize(30);
    assertThat(rig.condition("key1")).contains("ManyDeleted");
  }

  @Test
  void delete_ofAllObjectsWhileNobodyWatches_theyComeBack() {
    for (int i = 0; i < 30; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    rig.keys.endWatch(new ApiFailure.Gone("history is gone"));
    rig.deleteAllUnseen();
    rig.settle();

    assertThat(rig.store.status().entries()).isEqualTo(30);
    assertThat(rig.objects()).hasSize(30);
  }

  @Test
  void edit_whileNobodyWatches_isFoundAfterwards() {
    shown("a", "one");
    rig.keys.endWatch(new ApiFailure.Gone("history is gone"));
    rig.replaceUnseen(ViewRig.edited(rig.object("a").orElseThrow(), "value", "two"));
    rig.settle();

    assertThat(rig.value("a")).isEqualTo("two");
  }

  @Test
  void edit_labelsOfOthers_areKept() {
    shown("a", "one");
    GenericKubernetesResource object = rig.object("a").orElseThrow();
    object.getMetadata().setLabels(Map.of("team", "x"));
    rig.replace(object);
    shown("a", "two");

    assertThat(rig.object("a").orElseThrow().getMetadata().getLabels()).containsEntry("team", "x");
    assertThat(history("a")).containsExactly("one", "two");
  }

  @Test
  void edit_causeInTheStore_isAComparison() throws InterruptedException {
    shown("a", "one");
    KeyValueStore store = rig.store;
    try (Watch watch = store.watch(WatchRequest.fromNow(new Range.Exact(Key.of("a"))))) {
      rig.edit("a", "value", "two");
      rig.settle();
      Optional<WatchEvent> event = watch.next(Duration.ZERO);
      while (event.isPresent() && !(event.get() instanceof WatchEvent.Put)) {
        event = watch.next(Duration.ZERO);
      }
      assertThat(((WatchEvent.Put) event.orElseThrow()).cause()).isEqualTo(Cause.COMPARE_AND_SWAP);
    }
  }
}
