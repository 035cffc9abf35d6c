package io.kubekv.k8s.log;

import static io.kubekv.k8s.log.EngineHarness.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.api.ApiObject;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.snapshot.SnapshotKinds;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** An operator passes over an entry that nobody can read any more. */
class LogRescueTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int ENTRIES = 100;

  /** So many that none is copied out of the ring yet, and a digest stands after the harm. */
  private final LogOnServer server = new LogOnServer(256);

  private final ObjectApi admin = server.admin();
  private final LogRescue rescue = new LogRescue(admin);

  /** What is done to the object of an entry. */
  enum Harm {
    EDITED,
    DELETED
  }

  @AfterEach
  void close() {
    server.close();
  }

  private EngineStore open() {
    return EngineHarness.open(server, EngineSettings.DEFAULT);
  }

  private static void put(EngineStore store, int number) {
    Await.change(store.put(PutRequest.of(Key.of("key" + number), Bytes.utf8("value" + number))));
  }

  /** Entry 1 begins the epoch; the key of a number is put by the entry after it. */
  private void filled(int count) {
    try (EngineStore store = open()) {
      awaitReady(store);
      IntStream.range(2, count + 1).forEach(number -> put(store, number));
    }
  }

  private void harm(Harm harm, long position) {
    ApiObject object = admin.get(LogKinds.SLOT, Ring.name((int) position)).join().orElseThrow();
    switch (harm) {
      case EDITED -> {
        ObjectNode spec = (ObjectNode) object.spec().deepCopy();
        spec.put("entry", "bm90aGluZw==");
        var unused = admin.replace(LogKinds.SLOT, object.name(), object.version(), spec, "").join();
      }
      case DELETED -> {
        var unused = admin.remove(LogKinds.SLOT, object).join();
      }
    }
  }

  private static List<Integer> missing(EngineStore store, int count) {
    return IntStream.range(2, count + 1)
        .filter(
            number ->
                Await.read(store.get(Key.of("key" + number), Freshness.LINEARIZABLE))
                    .entry()
                    .isEmpty())
        .boxed()
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Harm.class)
  void harmedEntry_isPassedOver_andTheRestIsThere(Harm harm) throws Exception {
    filled(ENTRIES);
    harm(harm, 20);
    try (EngineStore stuck = open()) {
      Awaitility.await().atMost(SOON).until(() -> stuck.status().reason().contains("is damaged"));

      LogRescue.Finding found = rescue.look(20);
      assertThat(found.problem()).contains("StoreLog log-00020");
      assertThat(found.newest()).isEqualTo(ENTRIES);
      assertThat(found.lost()).isEqualTo("the changes after revision 19 and before revision 21");
      rescue.passOver(found);

      awaitReady(stuck);
      assertThat(missing(stuck, ENTRIES)).containsExactly(20);
      // the next digest is of a state without it
      IntStream.range(ENTRIES + 1, 140).forEach(number -> put(stuck, number));
    }
    try (EngineStore next = open()) {
      awaitReady(next);
      assertThat(missing(next, 139)).containsExactly(20);
    }
  }

  @Test
  void lastEntry_isPassedOver() throws Exception {
    filled(10);
    harm(Harm.EDITED, 10);

    rescue.passOver(rescue.look(10));

    try (EngineStore next = open()) {
      awaitReady(next);
      assertThat(missing(next, 10)).containsExactly(10);
      put(next, 11);
    }
  }

  /** What leaves the entry whole in an object that is not as kubekv wrote it. */
  enum Touch {
    EDITED_BACK,
    MADE_AGAIN
  }

  private void touch(Touch touch, long position) {
    ApiObject object = slot(position);
    switch (touch) {
      case EDITED_BACK -> {
        harm(Harm.EDITED, position);
        String version = slot(position).version();
        var unused = admin.replace(LogKinds.SLOT, object.name(), version, spec(object), "").join();
      }
      case MADE_AGAIN -> {
        harm(Harm.DELETED, position);
        var unused = admin.create(LogKinds.SLOT, object.name(), spec(object)).join();
      }
    }
  }

  private ApiObject slot(long position) {
    return admin.get(LogKinds.SLOT, Ring.name((int) position)).join().orElseThrow();
  }

  private static ObjectNode spec(ApiObject object) {
    return (ObjectNode) object.spec().deepCopy();
  }

  @ParameterizedTest
  @EnumSource(Touch.class)
  void entryThatIsWholeInAnObjectOfOthers_isPutBack(Touch touch) throws Exception {
    filled(10);
    touch(touch, 5);
    touch(touch, 10);

    for (long position : new long[] {5, 10}) {
      LogRescue.Finding found = rescue.look(position);
      assertThat(found.whole()).isTrue();
      assertThat(found.lost()).startsWith("nothing");
      rescue.passOver(found);
    }

    try (EngineStore next = open()) {
      awaitReady(next);
      assertThat(missing(next, 10)).isEmpty();
    }
  }

  @Test
  void entryBeforeOneThatOnlyItsChainLeadsTo_isRefused() {
    filled(10);
    harm(Harm.EDITED, 9);
    touch(Touch.EDITED_BACK, 10);

    assertThatThrownBy(() -> rescue.look(9))
        .isInstanceOf(LogRescue.RefusedException.class)
        .hasMessageContaining("entry 10");
  }

  @Test
  void slotThatWasMadeAgainEmpty_isPassedOver() throws Exception {
    filled(10);
    harm(Harm.DELETED, 5);
    var unused = admin.create(LogKinds.SLOT, Ring.name(5), Slot.blank(0, 1)).join();

    LogRescue.Finding found = rescue.look(5);
    assertThat(found.problem())
        .isEqualTo(
            "StoreLog log-00005 holds no entry, and has held entry 5: it was deleted, and made"
                + " again");
    rescue.passOver(found);

    try (EngineStore next = open()) {
      awaitReady(next);
      assertThat(missing(next, 10)).containsExactly(5);
    }
  }

  @Test
  void finding_isNotAsBefore_whenSomebodyHasWritten() throws Exception {
    filled(10);
    harm(Harm.EDITED, 5);
    LogRescue.Finding first = rescue.look(5);
    assertThat(rescue.look(5).isAsBefore(first)).isTrue();

    harm(Harm.DELETED, 10);
    LogRescue.Finding second = rescue.look(5);
    assertThat(second.isAsBefore(first)).isFalse();

    harm(Harm.DELETED, 5);
    assertThat(rescue.look(5).isAsBefore(second)).isFalse();
  }

  @Test
  void entryAfterTheNewestOne_isRefused_whereItsSlotIsWhole() {
    filled(10);

    assertThatThrownBy(() -> rescue.look(11))
        .isInstanceOf(LogRescue.RefusedException.class)
        .hasMessage(
            "there is no entry 11: the log ends at entry 10, and StoreLog log-00011 holds no"
                + " entry");
  }

  @Test
  void entryOfTheLapBefore_isNotLost() {
    try (LogOnServer small = new LogOnServer(64)) {
      try (EngineStore store = EngineHarness.open(small, EngineSettings.DEFAULT)) {
        awaitReady(store);
        IntStream.range(2, 101).forEach(number -> put(store, number));
      }
      ObjectApi others = small.admin();
      LogRescue inSmall = new LogRescue(others);

      assertThatThrownBy(() -> inSmall.look(101))
          .hasMessage(
              "there is no entry 101: the log ends at entry 100, and StoreLog log-00037 holds"
                  + " entry 37");

      // nothing tells any more that entry 37 was copied
      ApiObject copies =
          others.get(SnapshotKinds.MANIFEST, "snapshot-segments").join().orElseThrow();
      var unusedCopies = others.remove(SnapshotKinds.MANIFEST, copies).join();
      ApiObject slot = others.get(LogKinds.SLOT, "log-00037").join().orElseThrow();
      var unusedSlot = others.remove(LogKinds.SLOT, slot).join();
      assertThatThrownBy(() -> inSmall.look(101))
          .hasMessage(
              "there can be no entry 101: its place belongs to entry 37, which is neither in a"
                  + " snapshot nor in a segment");
    }
  }

  @Test
  void whatNeedNotOrCannotBePassedOver_isRefused() {
    filled(10);

    assertThatThrownBy(() -> rescue.look(5))
        .hasMessage("entry 5 is whole: nothing has to be passed over");
    assertThatThrownBy(() -> rescue.look(12))
        .hasMessage("there is no entry 12: the log ends at entry 10");
    harm(Harm.DELETED, 5);
    harm(Harm.DELETED, 6);
    assertThatThrownBy(() -> rescue.look(5))
        .isInstanceOf(LogRescue.RefusedException.class)
        .hasMessage("entry 6 cannot be read either: pass over that one first");
  }

  @Test
  void entryThatARunningReplicaHas_isMendedByIt_andNotPassedOver() throws Exception {
    try (EngineStore store = open()) {
      awaitReady(store);
      IntStream.range(2, 11).forEach(number -> put(store, number));
      harm(Harm.EDITED, 5);

      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> rescue.look(5))
                      .isInstanceOf(LogRescue.RefusedException.class)
                      .hasMessageContaining("is not needed any more"));
      assertThat(missing(store, 10)).isEmpty();
    }
  }
}
