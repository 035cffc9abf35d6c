package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.embedded.Faults;
import io.kubekv.k8s.api.ApiCallException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the objects show. */
class ViewTest {
  private ViewRig rig = new ViewRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void use(ViewRig other) {
    rig.close();
    rig = other;
  }

  @Test
  void step_keysPutAndDeleted_objectsFollow() {
    rig.put("a/b", "one");
    rig.put("c", "two");
    rig.settle();

    assertThat(rig.shown("a/b")).isEqualTo("one");
    assertThat(rig.seen("a/b").status().revision())
        .contains(rig.entry("a/b").orElseThrow().modifyRevision());

    rig.put("a/b", "three");
    Await.change(rig.store.delete(DeleteRequest.of(Key.of("c"))));
    rig.settle();

    assertThat(rig.shown("a/b")).isEqualTo("three");
    assertThat(rig.objects()).hasSize(1);
  }

  @Test
  void step_thousandChangesOfOneKey_areFewWrites() {
    for (int i = 0; i < 1_000; i++) {
      rig.put("hot", "value " + i);
      if (i % 50 == 0) {
        rig.step();
      }
    }
    rig.settle();

    assertThat(rig.shown("hot")).isEqualTo("value 999");
    assertThat(rig.keys.writes).hasSizeLessThan(6);
  }

  @Test
  void step_keyThatNeverSettles_isShownAllTheSame() {
    rig.step();
    for (int i = 0; i < 30; i++) {
      rig.put("hot", "value " + i);
      rig.step();
    }

    assertThat(rig.keys.writes).hasSizeBetween(2, 5);
    assertThat(rig.shown("hot")).startsWith("value 2");
  }

  @Test
  void step_manyKeys_areWrittenAtTheRateThatIsSet() {
    use(new ViewRig(settings -> settings.withWritesPerSecond(20)));
    for (int i = 0; i < 100; i++) {
      rig.put("key" + i, "x");
    }
    rig.run(Duration.ofSeconds(1));
    int afterOne = rig.keys.writes.size();
    rig.run(Duration.ofSeconds(1));
    int afterTwo = rig.keys.writes.size();

    assertThat(afterOne).isBetween(20, 40);
    assertThat(afterTwo - afterOne).isBetween(15, 21);
    assertThat(rig.work.figures().lag()).isGreaterThan(Duration.ofSeconds(1));
    rig.settle();
    assertThat(rig.objects()).hasSize(100);
    assertThat(rig.work.figures().lag()).isZero();
  }

  @Test
  void step_fiftyChangedKeysASecond_areShownWithinASecond() {
    for (int tick = 0; tick < 100; tick++) {
      for (int i = 0; i < 5; i++) {
        rig.put("key" + tick + "-" + i, "x");
      }
      rig.step();
      assertThat(rig.work.figures().lag()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void step_moreKeysThanMayBeShown_showsSoManyAndFillsUp() {
    use(new ViewRig(settings -> settings.withMostKeys(5)));
    for (int i = 0; i < 8; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    assertThat(rig.objects()).hasSize(5);
    assertThat(rig.work.figures().hidden()).isEqualTo(3);

    String shown = rig.objects().getFirst().key();
    Await.change(rig.store.delete(DeleteRequest.of(Key.of(shown))));
    rig.settle();
    rig.run(Duration.ofSeconds(12));
    assertThat(rig.objects()).hasSize(5).noneMatch(object -> object.key().equals(shown));
  }

  @Test
  void step_fewerKeysMayBeShownThanAre_othersGoAndTheirKeysStay() {
    for (int i = 0; i < 8; i++) {
      rig.put("key" + i, "x");
    }
    rig.settle();
    rig.settings = rig.settings.withMostKeys(5);
    rig.restart();
    rig.settle();

    assertThat(rig.objects()).hasSize(5);
    assertThat(rig.store.status().entries()).isEqualTo(8);
  }

  @Test
  void step_prefixesChosen_showsTheirKeysAlone() {
    rig.put("a/1", "x");
    rig.put("b/1", "x");
    rig.settle();
    rig.settings = rig.settings.withPrefixes(List.of(new Prefix("b/"), new Prefix("c/")));
    rig.restart();
    rig.put("c/1", "x");
    rig.put("a/2", "x");
    rig.settle();

    assertThat(rig.objects()).extracting(ViewObject::key).containsExactlyInAnyOrder("b/1", "c/1");
    assertThat(rig.store.status().entries()).isEqualTo(4);
  }

  @Test
  void step_switchedOff_writesNoObject() {
    use(new ViewRig(ViewSettings::off));
    rig.put("a", "x");
    rig.run(Duration.ofSeconds(3));

    assertThat(rig.keys.writes).isEmpty();
    assertThat(rig.stores.writes).isNotEmpty();
  }

  @Test
  void step_notHolder_writesNothing() {
    rig.settle();
    rig.lose();
    rig.keys.writes.clear();
    rig.stores.writes.clear();
    rig.put("a", "x");
    rig.run(Duration.ofSeconds(3));

    assertThat(rig.keys.writes).isEmpty();
    assertThat(rig.stores.writes).isEmpty();
  }

  @Test
  void step_holdsNoLongerInTheMiddle_writesNothingMore() {
    rig.settle();
    rig.put("a", "x");
    rig.put("b", "x");
    rig.put("c", "x");
    rig.keys.writes.clear();
    rig.keys.afterWrite = rig::lose;
    rig.run(Duration.ofSeconds(3));

    assertThat(rig.keys.writes).hasSize(1);
  }

  @Test
  void restart_nothingChanged_writesNothing() {
    rig.put("a", "x");
    Await.change(
        rig.store.put(
            PutRequest.of(Key.of("b"), Bytes.copyOf(new byte[] {0, -1}))
                .withFlags(-1)
                .withTimeToLive(Duration.ofHours(1))));
    Await.change(rig.store.put(PutRequest.directory(Key.of("d"))));
    rig.put("a", "y");
    rig.settle();
    rig.keys.writes.clear();
    rig.restart();
    rig.settle();

    assertThat(rig.keys.writes).isEmpty();
  }

  @Test
  void restart_changedMeanwhile_isShown() {
    rig.put("a", "x");
    rig.put("b", "x");
    rig.settle();
    rig.work.close();
    rig.put("a", "y");
    Await.change(rig.store.delete(DeleteRequest.of(Key.of("b"))));
    rig.restart();
    rig.settle();

    assertThat(rig.shown("a")).isEqualTo("y");
    assertThat(rig.objects()).hasSize(1);
  }

  @Test
  void step_treeDeletedInOneChange_allItsObjectsGo() {
    rig.put("t/a", "x");
    rig.put("t/b", "x");
    rig.settle();
    Await.change(rig.store.deleteRange(new Range.WithPrefix(new Prefix("t/"))));
    rig.settle();

    assertThat(rig.objects()).isEmpty();
  }

  @Test
  void step_apiOutOfReach_catchesUpAfterwards() {
    rig.put("a", "x");
    rig.settle();
    rig.server.faults().inject(call -> true, new Faults.Fault.ErrorBeforeCommit());
    rig.server.faults().closeWatches();
    for (int i = 0; i < 10; i++) {
      rig.put("a", "during " + i);
      rig.put("b" + i, "x");
      rig.run(Duration.ofMillis(500));
    }
    assertThat(rig.work.figures().problem()).contains("Kubernetes API");
    rig.server.faults().clear();
    rig.settle();

    assertThat(rig.shown("a")).isEqualTo("during 9");
    assertThat(rig.objects()).hasSize(11);
    assertThat(rig.work.figures().problem()).isEmpty();
  }

  @Test
  void step_answerLost_isWrittenOnce() {
    rig.settle();
    rig.server
        .faults()
        .inject(
            1,
            call -> call.write() && call.path().contains("/keyvalues"),
            new Faults.Fault.ErrorAfterCommit());
    rig.put("a", "x");
    rig.settle();

    assertThat(rig.shown("a")).isEqualTo("x");
    assertThat(rig.entry("a").orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void step_largestValues_areShownInEitherForm() {
    rig.put("text", "x".repeat(1 << 20));
    Await.change(rig.store.put(PutRequest.of(Key.of("bytes"), Bytes.copyOf(new byte[1 << 20]))));
    rig.settle();

    assertThat(rig.shown("text")).hasSize(1 << 20);
    assertThat(ViewForm.spec(rig.object("bytes").orElseThrow())).containsKey("valueBase64");
  }

  @Test
  void storeObject_always_saysWhatAnOperatorLooksForOnceASecond() {
    rig.log = new LogFigures(1234, 0.255, rig.put("a", "x").modifyRevision());
    rig.settle();
    Map<String, Object> status = storeStatus();

    assertThat(status)
        .containsEntry("holder", "test")
        .containsEntry("epoch", 1)
        .containsEntry("revision", "2")
        .containsEntry("viewRevision", "2")
        .containsEntry("lagSeconds", 0)
        .containsEntry("viewKeys", 1)
        .containsEntry("logBytes", 1234)
        .containsEntry("ringUsedPercent", 26)
        .containsEntry("snapshotRevision", "2");
    assertThat(status.get("conditions")).asString().contains("status=True", "Following");

    rig.stores.writes.clear();
    rig.run(Duration.ofSeconds(5));
    assertThat(rig.stores.writes).as("nothing has changed").isEmpty();
    for (int i = 0; i < 30; i++) {
      rig.put("a", "x" + i);
      rig.step();
    }
    assertThat(rig.stores.writes).hasSizeBetween(2, 4);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> storeStatus() {
    try {
      return (Map<String, Object>)
          Objects.requireNonNull(
              rig.stores.get("store").orElseThrow().getAdditionalProperties().get("status"));
    } catch (ApiCallException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void step_unforeseenFailure_beginsAnewAndSaysSo() {
    rig.put("a", "x");
    rig.settle();
    rig.keys.beforeWrite =
        () -> {
          throw new IllegalStateException("a bug");
        };
    rig.put("a", "y");
    rig.run(Duration.ofMillis(400));
    rig.run(Duration.ofMillis(900));
    assertThat(storeStatus().get("conditions"))
        .asString()
        .contains("status=False", "Failed", "a bug");

    rig.settle();
    assertThat(rig.shown("a")).isEqualTo("y");
    assertThat(storeStatus().get("conditions")).asString().contains("status=True", "Following");
  }
}
