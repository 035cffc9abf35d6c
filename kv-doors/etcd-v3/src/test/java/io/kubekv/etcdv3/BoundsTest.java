package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.DelegatingStore;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Unsent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What watches may take of the server's memory. */
final class BoundsTest {
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final ByteString FIRST = ByteString.copyFromUtf8("k/");
  private static final ByteString END = ByteString.copyFromUtf8("k0");
  private static final int LARGE = 1_000_000;
  private static final int MOST_OF_CLIENT = 3;
  private static final String TOO_MANY =
      "rpc error: code = ResourceExhausted desc = etcdserver: too many requests";

  private static WatchCreateRequest.Builder watch(long id) {
    return WatchCreateRequest.newBuilder().setKey(FIRST).setRangeEnd(END).setWatchId(id);
  }

  private static Budgets budgets(int watches, long workingBytes) {
    ClientLimits limits =
        new ClientLimits(0, 1000, 0, 512, MOST_OF_CLIENT, 100, Duration.ofSeconds(5));
    return new Budgets(limits, watches, workingBytes, new Unsent(1 << 30, 1 << 30));
  }

  private static Served served(UnaryOperator<KeyValueStore> seen, Budgets budgets) {
    return Served.kubekv(NEVER, seen, new OneMember(), budgets);
  }

  private static void put(Served served, int many) {
    ByteString value = ByteString.copyFrom(new byte[LARGE]);
    for (int i = 0; i < many; i++) {
      ByteString key = FIRST.concat(ByteString.copyFromUtf8("%02d".formatted(i)));
      var unused = served.kv().put(PutRequest.newBuilder().setKey(key).setValue(value).build());
    }
  }

  private static long deleteAll(Served served) {
    return served
        .kv()
        .deleteRange(DeleteRangeRequest.newBuilder().setKey(FIRST).setRangeEnd(END).build())
        .getHeader()
        .getRevision();
  }

  /** Counts the events that are taken from its watches. */
  private static final class Counting extends DelegatingStore {
    private final AtomicInteger taken;

    Counting(KeyValueStore store, AtomicInteger taken) {
      super(store);
      this.taken = taken;
    }

    @Override
    public Watch watch(WatchRequest request) {
      Watch watch = inner().watch(request);
      return new Watch() {
        @Override
        public Revision start() {
          return watch.start();
        }

        @Override
        public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
          Optional<WatchEvent> event = watch.next(atMost);
          taken.addAndGet(event.isPresent() ? 1 : 0);
          return event;
        }

        @Override
        public boolean isWithinRevision() {
          return watch.isWithinRevision();
        }

        @Override
        public void whenReady(Runnable wake) {
          watch.whenReady(wake);
        }

        @Override
        public void close() {
          watch.close();
        }
      };
    }
  }

  @Test
  void fragmentsOfALargeRevision_areMadeAsTheyAreRead_andNothingComesBetween() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    int many = 50;
    try (Served served =
        served(store -> new Counting(store, taken), budgets(MOST_OF_CLIENT, 1 << 20))) {
      put(served, many);
      Slow slow = new Slow(served);
      slow.create(watch(1).setPrevKv(true).setFragment(true));
      assertThat(slow.next().getCreated()).isTrue();
      long revision = deleteAll(served);

      List<Event> told = new ArrayList<>();
      WatchResponse part = slow.next();
      slow.create(watch(2));
      assertThat(taken.get()).isLessThan(many / 2);
      while (part.getFragment()) {
        assertThat(part.getWatchId()).isEqualTo(1);
        assertThat(part.getEventsCount()).isPositive();
        assertThat(part.getHeader().getRevision()).isEqualTo(revision);
        told.addAll(part.getEventsList());
        part = slow.next();
      }
      told.addAll(part.getEventsList());

      assertThat(told).extracting(event -> event.getKv().getModRevision()).containsOnly(revision);
      assertThat(told).extracting(event -> event.getPrevKv().getValue().size()).containsOnly(LARGE);
      assertThat(told)
          .extracting(event -> event.getKv().getKey().toStringUtf8())
          .hasSize(many)
          .isSorted();
      WatchResponse second = slow.next();
      assertThat(second.getCreated()).isTrue();
      assertThat(second.getWatchId()).isEqualTo(2);
    }
  }

  @Test
  void revisionTooLargeForOneMessage_endsTheWatchAlone_andComesInFragments() throws Exception {
    Budgets budgets = budgets(MOST_OF_CLIENT, 6 << 20); // and a listing may have 4 MiB
    try (Served served = served(store -> store, budgets);
        Watching whole = served.watching();
        Watching parts = served.watching()) {
      whole.create(watch(1).setPrevKv(true));
      whole.create(watch(2));
      parts.create(watch(3).setPrevKv(true).setFragment(true));
      assertThat(whole.next().getCreated()).isTrue();
      assertThat(whole.next().getCreated()).isTrue();
      assertThat(parts.next().getCreated()).isTrue();
      put(served, 3);
      long fits = deleteAll(served);
      put(served, 5);
      long tooLarge = deleteAll(served);

      List<String> told = new ArrayList<>();
      while (told.size() < 6) {
        WatchResponse response = whole.next();
        if (response.getCanceled()) {
          told.add(response.getWatchId() + " ended: " + response.getCancelReason());
        }
        revisions(response, BoundsTest::isDelete)
            .forEach(revision -> told.add(response.getWatchId() + " told of " + revision));
        revisions(response, event -> !isDelete(event))
            .filter(revision -> revision == tooLarge - 1)
            .forEach(revision -> told.add(response.getWatchId() + " told of the last put"));
      }
      assertThat(told)
          .containsExactlyInAnyOrder(
              "1 told of " + fits,
              "2 told of " + fits,
              "1 told of the last put",
              "2 told of the last put",
              "2 told of " + tooLarge,
              "1 ended: kubekv: the events of revision "
                  + tooLarge
                  + " are too large for one message; watch with fragments");
      long deletes = 0;
      while (deletes < 8) {
        deletes += parts.next().getEventsList().stream().filter(BoundsTest::isDelete).count();
      }
      // it is given back after the client has the message
      Awaitility.await().until(() -> budgets.room().takenBytes() == 0);
    }
  }

  /** Each takes some hundred bytes until it is sent, however short its key is. */
  @Test
  void manySmallEventsOfOneRevision_waitForRoom() throws Exception {
    Budgets budgets = budgets(MOST_OF_CLIENT, 64 << 20);
    try (Served served = served(store -> store, budgets);
        Watching watching = served.watching()) {
      int many = 1500;
      for (int i = 0; i < many; i++) {
        ByteString key = FIRST.concat(ByteString.copyFromUtf8("%04d".formatted(i)));
        var unused = served.kv().put(PutRequest.newBuilder().setKey(key).build());
      }
      watching.create(watch(1));
      assertThat(watching.next().getCreated()).isTrue();
      try (Room.Part all = budgets.room().forListing(1L << 40)) {
        var unused = deleteAll(served);
        Awaitility.await().until(() -> budgets.room().isWaitedFor());
      }

      assertThat(watching.next().getEventsCount()).isEqualTo(many);
      Awaitility.await().until(() -> budgets.room().takenBytes() == 0);
    }
  }

  /** Of those events; one message may have several. */
  private static LongStream revisions(WatchResponse response, Predicate<Event> wanted) {
    return response.getEventsList().stream()
        .filter(wanted)
        .mapToLong(event -> event.getKv().getModRevision())
        .distinct();
  }

  private static boolean isDelete(Event event) {
    return event.getType() == Event.EventType.DELETE;
  }

  @Test
  void watchesOfAllStreams_areTheClients_andNotTooMany() throws Exception {
    Budgets budgets = budgets(100, 1 << 20);
    try (Served served = served(store -> store, budgets);
        Watching one = served.watching()) {
      try (Watching other = served.watching()) {
        one.create(watch(1));
        assertThat(one.next().getCanceled()).isFalse();
        one.create(watch(2));
        assertThat(one.next().getCanceled()).isFalse();
        other.create(watch(1));
        assertThat(other.next().getCanceled()).isFalse();

        one.create(watch(3));
        WatchResponse refused = one.next();
        assertThat(refused.getWatchId()).isEqualTo(-1);
        assertThat(refused.getCanceled()).isTrue();
        assertThat(refused.getCancelReason()).isEqualTo(TOO_MANY);
        one.cancel(1);
        assertThat(one.next().getCanceled()).isTrue();
        one.create(watch(3));
        assertThat(one.next().getCanceled()).isFalse();
        assertThat(budgets.watches()).isEqualTo(MOST_OF_CLIENT);
      }
      Awaitility.await().until(() -> budgets.watches() == 2);
    }
  }

  @Test
  void watchesOfAllClients_areNotTooMany_andOnesThatCannotBeginCountAsNone() throws Exception {
    Budgets budgets = budgets(1, 1 << 20);
    UnaryOperator<KeyValueStore> denied =
        store ->
            new DelegatingStore(store) {
              @Override
              public Watch watch(WatchRequest request) {
                if (!request.range().contains(Key.of("k/1"))) {
                  throw new PermissionDeniedException("not yours");
                }
                return inner().watch(request);
              }
            };
    try (Served served = served(denied, budgets);
        Watching watching = served.watching()) {
      watching.create(WatchCreateRequest.newBuilder().setKey(END));
      assertThat(watching.next().getCanceled()).isTrue();
      assertThat(budgets.watches()).isZero();
      watching.create(watch(1));
      assertThat(watching.next().getCanceled()).isFalse();

      watching.create(watch(2));
      assertThat(watching.next().getCancelReason()).isEqualTo(TOO_MANY);
    }
  }
}
