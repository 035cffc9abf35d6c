package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.k8s.api.ApiObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Of the ring a replica keeps in memory which entries stand there, and not what they say. */
class RingMemoryTest {
  private static final int SLOTS = 4;

  private final AtomicLong trimmed = new AtomicLong();
  private final RingView view = new RingView(trimmed::get, () -> {});
  private final List<Long> told = new ArrayList<>();
  private final List<LogEntry> heard = new ArrayList<>();
  private final List<LogEntry> entries = new ArrayList<>();

  private final class Listener implements Log.Listener {
    @Override
    public void decided(LogEntry entry) {
      told.add(entry.position());
      heard.add(entry);
    }

    @Override
    public void missed() {
      told.add(-1L);
    }
  }

  RingMemoryTest() {
    LogAuthor author = LogAuthor.begin();
    for (int i = 0; i < SLOTS; i++) {
      LogEntry entry = author.next("v" + i);
      entries.add(author.accept(entry));
    }
  }

  private static ApiObject object(LogEntry entry) {
    byte[] bytes = EntryCodec.encode(entry);
    ObjectNode spec = Slot.holding(entry, bytes, 2);
    int index = (int) (entry.position() % SLOTS);
    return new ApiObject(Ring.name(index), "uid" + index, "v" + entry.position(), 2, spec);
  }

  private static String text(LogEntry entry) {
    return object(entry).spec().path("entry").asString();
  }

  private void list(int count) {
    Ring.Reading reading = view.reading(SLOTS);
    for (int index = 0; index < SLOTS; index++) {
      reading.take(new ApiObject(Ring.name(index), "uid" + index, "v0", 1, Slot.blank(0, 1)));
    }
    entries.subList(0, count).forEach(entry -> reading.take(object(entry)));
    view.listed(reading, view.followers());
  }

  private boolean isKept(long position) {
    return view.ask(ring -> !((Slot.Intact) ring.at(position)).entry().isEmpty()).orElseThrow();
  }

  private long bytes() {
    return view.ask(ring -> ring.bytesAfter(0)).orElseThrow();
  }

  @Test
  void entryThatWasTold_isKeptNoMore_andItsSizeIs() {
    list(0);
    view.follow(0, new Listener());

    view.changed(object(entries.getFirst()));

    assertThat(told).containsExactly(1L);
    assertThat(isKept(1)).isFalse();
    assertThat(bytes()).isPositive();
  }

  @Test
  void entryThatStandsAsItWasSent_isToldAsItIs_once() {
    list(0);
    view.follow(0, new Listener());
    LogEntry own = entries.getFirst();
    view.sending(own, text(own));

    view.changed(object(own));
    view.follow(0, new Listener());
    list(1);

    assertThat(heard).containsExactly(own, own);
    assertThat(heard.getFirst()).isSameAs(own);
    assertThat(heard.getLast()).isNotSameAs(own);
  }

  @Test
  void entryThatStandsOtherwiseThanItWasSent_isToldAsItStands() {
    list(0);
    view.follow(0, new Listener());
    LogEntry own = entries.getFirst();
    LogEntry other = LogAuthor.begin().next("another");
    view.sending(own, text(other));

    view.changed(object(own));

    assertThat(heard).containsExactly(own);
    assertThat(heard.getFirst()).isNotSameAs(own);
  }

  @Test
  void entryWhoseSlotSaysToBeAnother_isNotTold_thoughItStandsAsItWasSent() {
    list(0);
    view.follow(0, new Listener());
    LogEntry own = entries.getFirst();
    view.sending(own, text(own));
    ApiObject edited = object(own);
    ((ObjectNode) edited.spec()).put("epoch", own.epoch() + 1);

    view.changed(edited);

    assertThat(told).containsExactly(-1L);
  }

  @Test
  void entryThatNobodyWasTold_isKept_untilSomebodyGoesOnBehindIt() {
    list(2);
    assertThat(isKept(1)).isTrue();
    long both = bytes();

    view.follow(2, new Listener());

    assertThat(isKept(1)).isFalse();
    assertThat(isKept(2)).isFalse();
    assertThat(bytes()).isEqualTo(both);
    assertThat(told).isEmpty();
  }

  @Test
  void list_keepsWhatIsInNoSnapshotAlone() {
    trimmed.set(1);

    list(3);

    assertThat(isKept(1)).isFalse();
    assertThat(isKept(2)).isTrue();
    assertThat(isKept(3)).isTrue();
  }

  @Test
  void whoGoesBackBehindWhatIsKept_isToldOfItByTheNextList() {
    list(2);
    view.follow(2, new Listener());
    assertThat(view.lacksWhatIsNext()).isFalse();

    view.follow(0, new Listener());

    assertThat(told).isEmpty();
    assertThat(view.lacksWhatIsNext()).isTrue();
    list(2);
    assertThat(told).containsExactly(1L, 2L);
    assertThat(view.lacksWhatIsNext()).isFalse();
  }

  @Test
  void whoGoesBackBehindTheSnapshot_hasMissedIt() {
    list(2);
    view.follow(2, new Listener());
    trimmed.set(1);

    view.follow(0, new Listener());

    assertThat(told).containsExactly(-1L);
  }

  @Test
  void removalThatIsLate_harmsNoSlotThatWasMadeAgain() {
    list(2);
    ApiObject former = object(entries.getFirst());
    ObjectNode again = Slot.holding(entries.getFirst(), EntryCodec.encode(entries.getFirst()), 1);
    view.changed(new ApiObject(former.name(), "another", "v9", 1, again));

    view.removed(former);

    assertThat(view.ask(Ring::damaged).orElseThrow()).isEmpty();
  }
}
