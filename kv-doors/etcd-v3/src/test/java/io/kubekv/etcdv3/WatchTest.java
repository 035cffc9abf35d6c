package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Watches, where they are got wrong most often. */
final class WatchTest extends EtcdTest {
  private void delete(Side side, String name) {
    var unused =
        side.served().kv().deleteRange(DeleteRangeRequest.newBuilder().setKey(key(name)).build());
  }

  private List<String> shown(WatchResponse response) {
    return response.getEventsList().stream()
        .map(
            event ->
                event.getType()
                    + " "
                    + name(event.getKv().getKey())
                    + " "
                    + event.getKv().getValue().toStringUtf8()
                    + (event.hasPrevKv()
                        ? " before: " + event.getPrevKv().getValue().toStringUtf8()
                        : ""))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void watch_fromTheRevisionOfAPut_hasThatPut(Side side) throws InterruptedException {
    put(side, "a", "1");
    long second = put(side, "a", "2").getHeader().getRevision();

    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setStartRevision(second));
      WatchResponse created = watching.next();
      WatchResponse event = watching.next();

      assertThat(created.getCreated()).isTrue();
      assertThat(created.getWatchId()).isZero();
      assertThat(shown(event)).containsExactly("PUT a 2");
      assertThat(event.getHeader().getRevision()).isGreaterThanOrEqualTo(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eventsOfATransaction_comeTogether(Side side) throws InterruptedException {
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll());
      assertThat(watching.next().getCreated()).isTrue();
      var unused =
          side.served()
              .kv()
              .txn(
                  TxnRequest.newBuilder()
                      .addSuccess(putOp("b", "1"))
                      .addSuccess(putOp("a", "2"))
                      .build());

      assertThat(shown(watching.next())).containsExactly("PUT b 1", "PUT a 2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void previous_isOfWhatWasThere(Side side) throws InterruptedException {
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setPrevKv(true));
      assertThat(watching.next().getCreated()).isTrue();
      put(side, "a", "1");
      put(side, "a", "2");
      delete(side, "a");
      put(side, "a", "3");

      List<String> seen = new ArrayList<>();
      WatchResponse last = WatchResponse.getDefaultInstance();
      while (seen.size() < 4) {
        last = watching.next();
        seen.addAll(shown(last));
      }
      assertThat(seen)
          .containsExactly("PUT a 1", "PUT a 2 before: 1", "DELETE a  before: 2", "PUT a 3");
      assertThat(last.getEvents(last.getEventsCount() - 1).getKv().getModRevision())
          .isEqualTo(last.getHeader().getRevision());
    }
  }

  @ParameterizedTest
  @EnumSource
  void filters_leaveOut(Side side) throws InterruptedException {
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setWatchId(7).addFilters(WatchCreateRequest.FilterType.NOPUT));
      watching.create(watchAll().setWatchId(8).addFilters(WatchCreateRequest.FilterType.NODELETE));
      assertThat(watching.next().getWatchId()).isEqualTo(7);
      assertThat(watching.next().getWatchId()).isEqualTo(8);
      put(side, "a", "1");
      WatchResponse first = watching.next();
      delete(side, "a");
      WatchResponse second = watching.next();

      assertThat(first.getWatchId()).isEqualTo(8);
      assertThat(shown(first)).containsExactly("PUT a 1");
      assertThat(second.getWatchId()).isEqualTo(7);
      assertThat(shown(second)).containsExactly("DELETE a ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void watchesThatCannotBe_areCreatedAndCanceled(Side side) throws InterruptedException {
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setWatchId(5));
      assertThat(watching.next().getWatchId()).isEqualTo(5);

      watching.create(watchAll().setWatchId(5));
      refused(watching.next(), "mvcc: duplicate watch ID provided on the WatchStream");
      watching.create(watchAll().setRangeEnd(key("")));
      refused(watching.next(), "mvcc: watcher range is empty");
      watching.create(watchAll().setStartRevision(-1));
      refused(watching.next(), "etcdserver: mvcc: required revision has been compacted");

      put(side, "a", "1");
      WatchResponse event = watching.next();
      assertThat(event.getWatchId()).isEqualTo(5);
      assertThat(shown(event)).containsExactly("PUT a 1");
    }
  }

  private static void refused(WatchResponse response, String why) {
    assertThat(response.getCreated()).isTrue();
    assertThat(response.getCanceled()).isTrue();
    assertThat(response.getWatchId()).isEqualTo(-1);
    assertThat(response.getCancelReason()).isEqualTo(why);
  }

  @ParameterizedTest
  @EnumSource
  void cancel_isAnsweredAndEndsTheWatchAlone(Side side) throws InterruptedException {
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll());
      watching.create(watchAll());
      assertThat(watching.next().getWatchId()).isZero();
      assertThat(watching.next().getWatchId()).isEqualTo(1);
      watching.cancel(9);
      watching.cancel(0);

      WatchResponse canceled = watching.next();
      put(side, "a", "1");

      assertThat(canceled.getWatchId()).isZero();
      assertThat(canceled.getCanceled()).isTrue();
      assertThat(canceled.getCancelReason()).isEmpty();
      assertThat(watching.next().getWatchId()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void progress_isAnsweredOnceForAllWatches(Side side) throws InterruptedException {
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll());
      watching.create(watchAll());
      assertThat(watching.next().getCreated()).isTrue();
      assertThat(watching.next().getCreated()).isTrue();
      long now = put(side, "a", "1").getHeader().getRevision();
      assertThat(shown(watching.next())).hasSize(1);
      assertThat(shown(watching.next())).hasSize(1);
      watching.progress();

      WatchResponse progress = watching.next();
      assertThat(progress.getWatchId()).isEqualTo(-1);
      assertThat(progress.getEventsList()).isEmpty();
      assertThat(progress.getHeader().getRevision()).isEqualTo(now);
      put(side, "b", "1");
      assertThat(watching.next().getEventsCount()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void watch_fromTheFuture_tellsNothingEarlier(Side side) throws InterruptedException {
    long now = put(side, "a", "1").getHeader().getRevision();

    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setStartRevision(now + 2));
      assertThat(watching.next().getCreated()).isTrue();
      watching.progress();
      put(side, "a", "2");
      put(side, "a", "3");

      assertThat(shown(watching.next())).containsExactly("PUT a 3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void fragments_areMadeWhereTheyAreAskedFor(Side side) throws InterruptedException {
    for (String name : new String[] {"a", "b"}) {
      putLarge(side, name);
    }
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setPrevKv(true).setWatchId(1).setFragment(true));
      watching.create(watchAll().setPrevKv(true).setWatchId(2));
      assertThat(watching.next().getCreated()).isTrue();
      assertThat(watching.next().getCreated()).isTrue();
      var unused =
          side.served()
              .kv()
              .txn(TxnRequest.newBuilder().addSuccess(large("a")).addSuccess(large("b")).build());

      List<String> told = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        WatchResponse part = watching.next();
        told.add(
            "watch %d, %d events, fragment %s"
                .formatted(part.getWatchId(), part.getEventsCount(), part.getFragment()));
      }
      assertThat(told)
          .containsExactlyInAnyOrder(
              "watch 1, 1 events, fragment true",
              "watch 1, 1 events, fragment false",
              "watch 2, 2 events, fragment false");
    }
  }

  @ParameterizedTest
  @EnumSource
  void fragments_areAsLargeAsEtcds(Side side) throws InterruptedException {
    TxnRequest both =
        TxnRequest.newBuilder()
            .addSuccess(op(putting("a", "1".repeat(450_000))))
            .addSuccess(op(putting("b", "1".repeat(450_000))))
            .build();
    var unused = side.served().kv().txn(both);
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setPrevKv(true).setFragment(true));
      assertThat(watching.next().getCreated()).isTrue();
      var unusedToo = side.served().kv().txn(both);

      WatchResponse whole = watching.next(); // of 1.8 MB
      assertThat(whole.getEventsCount()).isEqualTo(2);
      assertThat(whole.getFragment()).isFalse();
    }
  }

  private static io.kubekv.etcdv3.wire.RequestOp op(PutRequest.Builder put) {
    return io.kubekv.etcdv3.wire.RequestOp.newBuilder().setRequestPut(put).build();
  }

  private static final ByteString LARGE = ByteString.copyFrom(new byte[700_000]);

  private io.kubekv.etcdv3.wire.RequestOp large(String name) {
    return io.kubekv.etcdv3.wire.RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key(name)).setValue(LARGE))
        .build();
  }

  private void putLarge(Side side, String name) {
    var unused =
        side.served().kv().put(PutRequest.newBuilder().setKey(key(name)).setValue(LARGE).build());
  }

  @ParameterizedTest
  @EnumSource
  void manyWatchesOnOneStream_areAllTold(Side side) throws InterruptedException {
    int many = 2_000;
    try (Watching watching = side.served().watching()) {
      for (int i = 0; i < many; i++) {
        watching.create(WatchCreateRequest.newBuilder().setKey(key("k" + i)));
      }
      for (int i = 0; i < many; i++) {
        assertThat(watching.next().getCreated()).isTrue();
      }
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = 0; i < 100; i++) {
        txn.addSuccess(putOp("k" + i * 20, "1"));
      }
      var unused = side.served().kv().txn(txn.build());

      for (int i = 0; i < 100; i++) {
        WatchResponse response = watching.next();
        assertThat(response.getEventsList())
            .singleElement()
            .matches(event -> event.getType() == Event.EventType.PUT);
      }
      assertThat(watching.now()).isNull();
    }
  }
}
