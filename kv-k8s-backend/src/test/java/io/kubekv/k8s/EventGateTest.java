package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process shows that may not hold the lease. */
class EventGateTest {
  private static final long STORE = 7;
  private static final long CAPACITY = 3000;

  private final FakeClocks clocks = new FakeClocks();
  private final Index index =
      new Index(
          new History(1 << 20),
          clocks::wall,
          new SessionTable(clocks::nanoTime),
          new DeafListener());
  private boolean holding;
  private final EventGate gate = new EventGate(index, () -> holding, CAPACITY);

  @Test
  void list_notAnnounced_isNotShown() {
    gate.listed(list(10));

    assertThat(index.filled()).isFalse();
    assertThat(gate.awaited()).contains(new Revision(10));
    assertThat(gate.received()).isEqualTo(new Revision(10));
  }

  @Test
  void list_announced_isShownWithTheEventsThatFollowedItAsFarAsTheyAre() {
    gate.listed(list(10));
    gate.event(put("a", 11));
    gate.event(put("b", 12));

    gate.announced(new Revision(11), STORE);

    assertThat(shown("a")).isTrue();
    assertThat(shown("b")).isFalse();
    assertThat(index.seen().now()).isEqualTo(new Revision(11));
    assertThat(gate.backlog()).isEqualTo(1);
  }

  @Test
  void event_announcedBeforeItCame_isShownAtOnce() {
    gate.listed(list(10));
    gate.announced(new Revision(20), STORE);

    gate.event(put("a", 11));

    assertThat(shown("a")).isTrue();
  }

  @Test
  void event_leaseHeld_isShownAtOnceAndAfterAllThatWaited() {
    gate.listed(list(10));
    gate.event(put("a", 11));
    holding = true;

    gate.event(put("a", 12));

    assertThat(index.snapshot().get(Key.of("a")).orElseThrow().modifyRevision())
        .isEqualTo(new Revision(12));
    assertThat(gate.isWaiting()).isFalse();
  }

  @Test
  void event_leaseGone_waitsAgain() {
    holding = true;
    gate.listed(list(10));
    holding = false;

    gate.event(put("a", 11));

    assertThat(shown("a")).isFalse();
  }

  @Test
  void announcement_lateOrRepeated_takesNothingBack() {
    gate.listed(list(10));
    gate.announced(new Revision(12), STORE);
    gate.announced(new Revision(11), STORE);

    gate.event(put("a", 12));

    assertThat(shown("a")).isTrue();
  }

  @Test
  void newList_dropsWhatWaitedAndWaitsItself() {
    gate.announced(new Revision(10), STORE);
    gate.listed(list(10));
    gate.event(put("a", 11));

    gate.listed(list(15));
    gate.announced(new Revision(14), STORE);

    assertThat(index.seen().now()).isEqualTo(new Revision(10));
    gate.announced(new Revision(15), STORE);
    assertThat(index.seen().now()).isEqualTo(new Revision(15));
  }

  @Test
  void moreThanThereIsRoomFor_isDroppedUntilANewListCanBeShown() {
    gate.announced(new Revision(10), STORE);
    gate.listed(list(10));
    for (int revision = 11; revision < 20; revision++) {
      gate.event(put("a", revision));
    }

    assertThat(gate.isOverflown()).isTrue();
    assertThat(gate.isAllShowable()).isFalse();
    gate.announced(new Revision(19), STORE);
    assertThat(gate.isAllShowable()).isTrue();
    assertThat(shown("a")).isFalse();

    gate.listed(list(19));
    assertThat(gate.isOverflown()).isFalse();
    assertThat(index.seen().now()).isEqualTo(new Revision(19));
  }

  @Test
  void listFromThePast_isStale() {
    gate.announced(new Revision(10), STORE);
    gate.listed(list(10));

    assertThat(gate.isStale(list(9))).isTrue();
    holding = true;
    assertThat(gate.isStale(list(9))).isFalse();
  }

  @Test
  void listFromThePast_afterTheHolderToldOfARestore_isShown() {
    gate.announced(new Revision(10), STORE);
    gate.listed(list(10));

    assertThat(gate.announced(new Revision(5), STORE + 1)).isTrue();
    assertThat(gate.isStale(list(5))).isFalse();
    gate.listed(list(5));

    assertThat(index.seen().now()).isEqualTo(new Revision(5));
    gate.event(put("a", 8));
    assertThat(shown("a")).isFalse();
  }

  @Test
  void restoreSeenByTheHolder_whatWasAnnouncedBeforeCountsNoMore() {
    gate.announced(new Revision(10), STORE);
    gate.listed(list(10));
    holding = true;
    gate.listed(list(5));
    holding = false;

    gate.event(put("a", 8));

    assertThat(shown("a")).isFalse();
  }

  @Test
  void storeIsNew_whileNothingThatCameIsAMarker() {
    assertThat(gate.isStoreNew()).isFalse();
    gate.listed(list(10));
    assertThat(gate.isStoreNew()).isTrue();

    gate.event(new KubernetesApi.StreamEvent.Changed(stored(ObjectType.MARKER, "barrier", 11)));

    assertThat(gate.isStoreNew()).isFalse();
  }

  private boolean shown(String key) {
    return index.snapshot().get(Key.of(key)).isPresent();
  }

  private static KubernetesApi.Listed list(long at) {
    return new KubernetesApi.Listed(List.of(), new Revision(at));
  }

  private static KubernetesApi.StreamEvent put(String key, long revision) {
    return new KubernetesApi.StreamEvent.Changed(stored(ObjectType.VALUE, key, revision));
  }

  private static ObservedObject stored(ObjectType type, String text, long revision) {
    Key key = Key.of(text);
    ObjectSpec spec =
        ObjectSpec.first(
            type, key, Bytes.utf8("v"), Cause.SET, new WriteId("id" + revision, Revision.ZERO));
    return new ObservedObject.Stored(
        new StoredObject(ObjectNames.of(type, key), "uid", new Revision(revision), spec));
  }

  /** Nothing else is to hear of it. */
  private static final class DeafListener implements Index.Listener {
    @Override
    public void changed(StoredObject object, Revision previous) {}

    @Override
    public void removed(String name) {}

    @Override
    public void lost(io.kubekv.SessionId session) {}

    @Override
    public void relisted(Index now) {}

    @Override
    public void restored() {}
  }
}
