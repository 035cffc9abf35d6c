package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Precondition;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 4 as a whole: the events, applied in order, are the store. */
abstract class WatchReplayContract extends ContractGroup {
  private static final int WRITERS = 4;
  private static final int CHANGES = 40;

  WatchReplayContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  /** Applies an event to a state, checking that it fits: previous entry and order. */
  private static void apply(Map<Key, Entry> state, WatchEvent event) {
    switch (event) {
      case WatchEvent.Put put -> {
        Optional<Entry> had = Optional.ofNullable(state.put(put.entry().key(), put.entry()));
        assertThat(put.previous()).as("previous of %s", put).isEqualTo(had);
      }
      case WatchEvent.Delete delete -> {
        assertThat(state.remove(delete.previous().key()))
            .as("previous of %s", delete)
            .isEqualTo(delete.previous());
        delete.below().forEach(entry -> assertThat(state.remove(entry.key())).isEqualTo(entry));
      }
      case WatchEvent.Progress progress -> {}
      case WatchEvent.HistoryGone gone -> throw new AssertionError("history gone: " + gone);
    }
  }

  private void write(int writer) {
    for (int i = 0; i < CHANGES; i++) {
      String key = "k" + (i * 7 + writer) % 11;
      switch (i % 6) {
        case 0 -> Await.change(store().delete(removal(key)));
        case 1 ->
            Await.change(
                store().put(value(key, writer + "/" + i).withPrecondition(Precondition.ABSENT)));
        case 2 -> Await.change(store().put(treeValue("t/" + key, writer + "/" + i)));
        case 3 -> Await.change(store().deleteRange(tree("t/" + key)));
        default -> put(key, writer + "/" + i);
      }
    }
  }

  private Listing everything() {
    return Await.read(store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE));
  }

  @Test
  void eventsOfConcurrentWriters_replayToTheFinalState() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    Together.run(
        WRITERS,
        harness().patience(),
        writer -> {
          write(writer);
          return writer;
        });
    Listing end = everything();
    put("last", "");

    List<WatchEvent> events = changes.before("last");

    Map<Key, Entry> state = new TreeMap<>();
    events.forEach(event -> apply(state, event));
    assertThat(List.copyOf(state.values())).isEqualTo(end.entries());
    assertThat(events.stream().map(WatchEvent::revision)).isSorted();
  }

  @Test
  void watchesBegunWhileWriting_seeTheSameEvents() throws Exception {
    Changes whole = watch(WatchRequest.fromNow(Range.all()));
    Revision first = put("k0", "first").modifyRevision();
    List<List<WatchEvent>> seen =
        Together.run(
            WRITERS,
            harness().patience(),
            writer -> {
              write(writer);
              Changes late = watchHere(Range.all(), first);
              write(writer);
              put("done" + writer, "");
              return late.before("done" + writer);
            });
    put("last", "");

    List<WatchEvent> all = whole.before("last");

    assertThat(seen).allSatisfy(part -> assertThat(part).isEqualTo(all.subList(0, part.size())));
  }

  private Changes watchHere(Range range, Revision first) {
    return new Changes(store().watch(WatchRequest.from(range, first)), harness().patience());
  }

  @Test
  void resuming_afterTheLastSeen_neitherRepeatsNorSkips() throws Exception {
    Revision next = put("k", "0").modifyRevision();
    List<String> seen = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      String latest = Integer.toString(i);
      put("k", latest);
      try (Changes changes = watchHere(exact("k"), next)) {
        WatchEvent.Put put = changes.nextPut();
        seen.add(put.entry().value().toText());
        while (!seen.getLast().equals(latest)) {
          put = changes.nextPut();
          seen.add(put.entry().value().toText());
        }
        next = put.revision().next();
      }
    }

    assertThat(seen).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
  }

  @Test
  void connectionsDropped_watchGoesOnWithoutAGap() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    for (int i = 0; i < 5; i++) {
      put("k", "before " + i);
      harness().dropConnections();
      put("k", "after " + i);
    }
    put("last", "");

    assertThat(changes.before("last"))
        .hasSize(10)
        .isSortedAccordingTo((a, b) -> a.revision().compareTo(b.revision()));
  }

  @Test
  void storeRestarted_watchFromBeforeGoesOnOrSaysThatItCannot() throws Exception {
    Entry first = put("k", "1");
    Entry second = put("k", "2");
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    Changes changes = watch(WatchRequest.from(exact("k"), first.modifyRevision()));

    WatchEvent event = changes.next();
    if (!(event instanceof WatchEvent.HistoryGone)) {
      assertThat(event).isInstanceOf(WatchEvent.Put.class);
      assertThat(((WatchEvent.Put) event).entry()).isEqualTo(first);
      assertThat(changes.nextPut().entry()).isEqualTo(second);
    }
  }
}
