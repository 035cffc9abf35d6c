package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.etcdv3.wire.CompactionRequest;
import io.kubekv.etcdv3.wire.Compare;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.KeyValue;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RangeResponse;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.ResponseHeader;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.TxnResponse;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranges, puts and transactions, where they are got wrong most often. */
final class KvTest extends EtcdTest {
  private static final int MIB = 1 << 20;

  private void putThree(Side side) {
    put(side, "a", "3");
    put(side, "b", "1");
    put(side, "c", "2");
  }

  @ParameterizedTest
  @EnumSource
  void count_isOfAllKeys_whateverIsCutAndFiltered(Side side) {
    putThree(side);
    long last = range(side, one("c")).getKvs(0).getModRevision();

    RangeResponse cut = range(side, all().setLimit(1));
    RangeResponse filtered = range(side, all().setMinModRevision(last));
    RangeResponse counted = range(side, all().setCountOnly(true));

    assertThat(cut.getCount()).isEqualTo(3);
    assertThat(names(filtered.getKvsList())).containsExactly("c");
    assertThat(filtered.getCount()).isEqualTo(3);
    assertThat(counted.getCount()).isEqualTo(3);
    assertThat(counted.getKvsList()).isEmpty();
  }

  /** What the store was asked to list. */
  private static final class Asked extends DelegatingStore {
    private final Queue<Integer> limits;

    Asked(KeyValueStore store, Queue<Integer> limits) {
      super(store);
      this.limits = limits;
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      limits.add(request.limit());
      return super.list(request, freshness);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      request.all().stream()
          .filter(TransactionOperation.ListRange.class::isInstance)
          .map(TransactionOperation.ListRange.class::cast)
          .forEach(each -> limits.add(each.request().limit()));
      return super.transact(request);
    }
  }

  @Test
  void rangeWithALimit_listsNoMoreThanItAnswers() throws Exception {
    Queue<Integer> limits = new ConcurrentLinkedQueue<>();
    try (Served served = Served.kubekv(Duration.ofMinutes(10), store -> new Asked(store, limits))) {
      for (String key : List.of("a", "b", "c", "d")) {
        var unused = served.kv().put(PutRequest.newBuilder().setKey(text(key)).build());
      }
      RangeRequest all = RangeRequest.newBuilder().setKey(text("a")).setRangeEnd(text("z")).build();
      List<RangeRequest> asked =
          List.of(
              all.toBuilder().setLimit(2).build(),
              all.toBuilder().setCountOnly(true).setLimit(2).build(),
              all.toBuilder().setLimit(2).setSortOrder(RangeRequest.SortOrder.ASCEND).build(),
              all.toBuilder().setLimit(2).setSortOrder(RangeRequest.SortOrder.DESCEND).build(),
              all.toBuilder().setLimit(2).setMinModRevision(1).build(),
              all.toBuilder().setLimit(Long.MAX_VALUE).build());
      List<Integer> needed =
          List.of(3, 1, 3, ListRequest.NO_LIMIT, ListRequest.NO_LIMIT, ListRequest.NO_LIMIT);

      for (RangeRequest each : asked) {
        assertThat(served.kv().range(each).getCount()).as("%s", each).isEqualTo(4);
      }
      assertThat(limits).containsExactlyElementsOf(needed);

      limits.clear();
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      asked.forEach(each -> txn.addSuccess(RequestOp.newBuilder().setRequestRange(each)));
      served
          .kv()
          .txn(txn.build())
          .getResponsesList()
          .forEach(each -> assertThat(each.getResponseRange().getCount()).isEqualTo(4));
      assertThat(limits).containsExactlyElementsOf(needed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void count_inATransactionAndOfThePast_isOfAllKeys(Side side) {
    putThree(side);
    long then = range(side, one("c")).getKvs(0).getModRevision();
    put(side, "d", "4");
    RangeRequest.Builder past = all().setRevision(then);

    assertThat(range(side, past.setLimit(1)).getCount()).isEqualTo(3);
    TxnResponse answer =
        txn(
            side,
            TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestRange(past))
                .addSuccess(RequestOp.newBuilder().setRequestRange(all().setLimit(1)))
                .addSuccess(RequestOp.newBuilder().setRequestRange(all().setCountOnly(true))));
    assertThat(answer.getResponses(0).getResponseRange().getCount()).isEqualTo(3);
    assertThat(answer.getResponses(0).getResponseRange().getMore()).isTrue();
    assertThat(answer.getResponses(1).getResponseRange().getCount()).isEqualTo(4);
    assertThat(answer.getResponses(2).getResponseRange().getCount()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void more_isSaidOnlyWhenThereIs(Side side) {
    putThree(side);

    assertThat(range(side, all().setLimit(2)).getMore()).isTrue();
    assertThat(range(side, all().setLimit(3)).getMore()).isFalse();
    assertThat(range(side, all()).getMore()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void limit_withAnOrder_cutsWhatIsSorted(Side side) {
    putThree(side);
    RangeRequest.Builder byValue =
        all()
            .setSortTarget(RangeRequest.SortTarget.VALUE)
            .setSortOrder(RangeRequest.SortOrder.DESCEND);

    assertThat(names(range(side, byValue.setLimit(1)).getKvsList())).containsExactly("a");
    assertThat(names(range(side, byValue.setLimit(2)).getKvsList())).containsExactly("a", "c");
  }

  @ParameterizedTest
  @EnumSource
  void limit_withoutAnOrder_cutsBeforeItSortsByAnotherTarget(Side side) {
    putThree(side);
    RangeRequest.Builder byValue = all().setSortTarget(RangeRequest.SortTarget.VALUE);

    assertThat(names(range(side, byValue).getKvsList())).containsExactly("b", "c", "a");
    assertThat(names(range(side, byValue.setLimit(1)).getKvsList())).containsExactly("b");
    assertThat(range(side, byValue).getMore()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void keysOnly_sortedByValue_stillSortsByValue(Side side) {
    putThree(side);

    RangeResponse sorted =
        range(
            side,
            all()
                .setKeysOnly(true)
                .setSortTarget(RangeRequest.SortTarget.VALUE)
                .setSortOrder(RangeRequest.SortOrder.ASCEND));

    assertThat(names(sorted.getKvsList())).containsExactly("b", "c", "a");
    assertThat(sorted.getKvsList()).allMatch(kv -> kv.getValue().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void rangeEnd_notBehindTheKey_isNoKey(Side side) {
    putThree(side);

    assertThat(range(side, one("a").setRangeEnd(key("a"))).getCount()).isZero();
    assertThat(range(side, one("b").setRangeEnd(key("a"))).getCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void rangeEnd_ofOneNul_isAllThatFollow(Side side) {
    putThree(side);

    RangeResponse rest =
        range(side, one("b").setRangeEnd(ByteString.copyFrom(new byte[1])).setLimit(2));

    assertThat(names(rest.getKvsList())).containsExactly("b", "c");
  }

  @ParameterizedTest
  @EnumSource
  void bounds_thatAreNoText_standWhereTheirBytesStand(Side side) {
    putThree(side);
    put(side, "é", "4");
    ByteString last = ByteString.copyFrom(new byte[] {(byte) 0xff});
    ByteString half = ByteString.copyFrom(new byte[] {(byte) 0xc3});
    ByteString nul = ByteString.copyFrom(new byte[1]);

    assertThat(names(range(side, all().setRangeEnd(key("").concat(last))).getKvsList()))
        .containsExactly("a", "b", "c", "é");
    assertThat(names(range(side, all().setRangeEnd(key("").concat(half))).getKvsList()))
        .containsExactly("a", "b", "c");
    assertThat(names(range(side, all().setKey(key("a").concat(nul))).getKvsList()))
        .containsExactly("b", "c", "é");
    assertThat(range(side, one("").setKey(key("").concat(last))).getCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void revision_ofThePast_isAsItWas_andOfTheFutureAnError(Side side) {
    long first = put(side, "a", "1").getHeader().getRevision();
    long second = put(side, "a", "2").getHeader().getRevision();

    RangeResponse past = range(side, one("a").setRevision(first));

    assertThat(past.getKvs(0).getValue()).isEqualTo(text("1"));
    assertThat(past.getHeader().getRevision()).isGreaterThanOrEqualTo(second);
    assertThat(failure(() -> range(side, one("a").setRevision(second + 1_000_000))))
        .isEqualTo("OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
  }

  @ParameterizedTest
  @EnumSource
  void compaction_forgetsWhatStoodBefore(Side side) throws InterruptedException {
    long first = put(side, "a", "1").getHeader().getRevision();
    long second = put(side, "a", "2").getHeader().getRevision();
    var kv = side.served().kv();
    CompactionRequest.Builder compaction = CompactionRequest.newBuilder();

    long now = kv.compact(compaction.setRevision(second).build()).getHeader().getRevision();

    assertThat(now).isEqualTo(second);
    assertThat(failure(() -> range(side, one("a").setRevision(first))))
        .isEqualTo("OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
    assertThat(range(side, one("a").setRevision(second)).getKvs(0).getValue()).isEqualTo(text("2"));
    assertThat(failure(() -> kv.compact(compaction.setRevision(second).build())))
        .isEqualTo("OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
    assertThat(failure(() -> kv.compact(compaction.setRevision(second + 1_000_000).build())))
        .isEqualTo("OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
    try (Watching watching = side.served().watching()) {
      watching.create(watchAll().setStartRevision(first));
      assertThat(watching.next().getCreated()).isTrue();
      WatchResponse over = watching.next();
      assertThat(over.getCanceled()).isTrue();
      assertThat(over.getCompactRevision()).isEqualTo(second);
      watching.create(watchAll().setStartRevision(second));
      assertThat(watching.next().getCreated()).isTrue();
      assertThat(watching.next().getEvents(0).getKv().getModRevision()).isEqualTo(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void version_countsPutsSinceTheCreation(Side side) {
    put(side, "a", "1");
    put(side, "a", "1");
    KeyValue twice = range(side, one("a")).getKvs(0);
    var unused =
        side.served().kv().deleteRange(DeleteRangeRequest.newBuilder().setKey(key("a")).build());
    put(side, "a", "1");
    KeyValue anew = range(side, one("a")).getKvs(0);

    assertThat(twice.getVersion()).isEqualTo(2);
    assertThat(twice.getModRevision()).isEqualTo(twice.getCreateRevision() + 1);
    assertThat(anew.getVersion()).isEqualTo(1);
    assertThat(anew.getCreateRevision()).isEqualTo(anew.getModRevision());
  }

  @ParameterizedTest
  @EnumSource
  void mistakes_haveTheirTexts(Side side) {
    var kv = side.served().kv();
    assertThat(failure(() -> kv.put(PutRequest.getDefaultInstance())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: key is not provided");
    assertThat(failure(() -> kv.range(RangeRequest.getDefaultInstance())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: key is not provided");
    assertThat(failure(() -> kv.deleteRange(DeleteRangeRequest.getDefaultInstance())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: key is not provided");
    assertThat(failure(() -> kv.range(all().setSortOrderValue(7).build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: invalid sort option");
    assertThat(failure(() -> kv.put(putting("a", "1").setIgnoreValue(true).build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: value is provided");
    assertThat(failure(() -> kv.put(putting("a", "").setIgnoreLease(true).setLease(1).build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: lease is provided");
    assertThat(failure(() -> kv.put(putting("a", "").setIgnoreValue(true).build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: key not found");
    assertThat(failure(() -> kv.put(putting("a", "").setIgnoreLease(true).build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: key not found");
    assertThat(failure(() -> kv.put(putting("a", "").setLease(Side.fresh()).build())))
        .isEqualTo("NOT_FOUND: etcdserver: requested lease not found");
    assertThat(
            failure(
                () ->
                    kv.txn(
                        TxnRequest.newBuilder()
                            .addSuccess(RequestOp.getDefaultInstance())
                            .build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: key not found");
  }

  @ParameterizedTest
  @EnumSource
  void put_keepingValueOrLease_keepsIt(Side side) {
    long lease = grant(side);
    long other = grant(side);
    var kv = side.served().kv();
    var unused = kv.put(putting("a", "1").setLease(lease).build());

    var kept = kv.put(putting("a", "2").setIgnoreLease(true).setPrevKv(true).build());
    KeyValue first = range(side, one("a")).getKvs(0);
    var moved = kv.put(putting("a", "").setIgnoreValue(true).setLease(other).build());
    KeyValue second = range(side, one("a")).getKvs(0);

    assertThat(kept.getPrevKv().getValue()).isEqualTo(text("1"));
    assertThat(first.getLease()).isEqualTo(lease);
    assertThat(first.getValue()).isEqualTo(text("2"));
    assertThat(moved.hasPrevKv()).isFalse();
    assertThat(second.getLease()).isEqualTo(other);
    assertThat(second.getValue()).isEqualTo(text("2"));
    assertThat(second.getVersion()).isEqualTo(3);
  }

  /** etcd 3.6.16 ends itself when it is asked this. */
  @ParameterizedTest
  @EnumSource(names = "KUBEKV")
  void keepingTheValueOfAKeyThatTheTransactionHasDeleted_isRefused_andNothingHappens(Side side) {
    var kv = side.served().kv();
    var unused = kv.put(putting("a", "1").build());
    RequestOp delete =
        RequestOp.newBuilder()
            .setRequestDeleteRange(
                DeleteRangeRequest.newBuilder()
                    .setKey(all().getKey())
                    .setRangeEnd(ByteString.copyFrom(new byte[1])))
            .build();
    RequestOp put =
        RequestOp.newBuilder().setRequestPut(putting("a", "").setIgnoreValue(true)).build();

    String refused =
        failure(() -> kv.txn(TxnRequest.newBuilder().addSuccess(delete).addSuccess(put).build()));

    assertThat(refused).isEqualTo("INVALID_ARGUMENT: etcdserver: key not found");
    assertThat(range(side, one("a")).getKvs(0).getValue()).isEqualTo(text("1"));
  }

  private TxnResponse txn(Side side, TxnRequest.Builder txn) {
    return side.served().kv().txn(txn.build());
  }

  private boolean holds(Side side, Compare.Builder compare, Compare.CompareResult result) {
    return txn(side, TxnRequest.newBuilder().addCompare(compare.setResult(result))).getSucceeded();
  }

  @ParameterizedTest
  @EnumSource
  void compare_ofAMissingKey_isOfZeros_andOfNoValue(Side side) {
    var version = compare("none", Compare.CompareTarget.VERSION);
    var created = compare("none", Compare.CompareTarget.CREATE).setCreateRevision(1);
    var value = compare("none", Compare.CompareTarget.VALUE);

    assertThat(holds(side, version, Compare.CompareResult.EQUAL)).isTrue();
    assertThat(holds(side, version, Compare.CompareResult.GREATER)).isFalse();
    assertThat(holds(side, created, Compare.CompareResult.LESS)).isTrue();
    assertThat(holds(side, value, Compare.CompareResult.EQUAL)).isFalse();
    assertThat(holds(side, value, Compare.CompareResult.NOT_EQUAL)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void compare_ofARange_holdsWhenItHoldsOfEveryKey(Side side) {
    putThree(side);
    put(side, "a", "3");
    var versions = compare("", Compare.CompareTarget.VERSION).setRangeEnd(end());

    assertThat(holds(side, versions.setVersion(0), Compare.CompareResult.GREATER)).isTrue();
    assertThat(holds(side, versions.setVersion(1), Compare.CompareResult.EQUAL)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void nestedCompares_areMadeOnTheStateBefore(Side side) {
    TxnRequest nested =
        TxnRequest.newBuilder()
            .addCompare(compare("a", Compare.CompareTarget.VERSION).setVersion(1))
            .addSuccess(putOp("b", "the put was seen"))
            .addFailure(putOp("b", "the put was not seen"))
            .build();

    TxnResponse done =
        txn(
            side,
            TxnRequest.newBuilder()
                .addSuccess(putOp("a", "1"))
                .addSuccess(RequestOp.newBuilder().setRequestTxn(nested)));

    assertThat(done.getResponses(1).getResponseTxn().getSucceeded()).isFalse();
    assertThat(range(side, one("b")).getKvs(0).getValue()).isEqualTo(text("the put was not seen"));
  }

  @ParameterizedTest
  @EnumSource
  void duplicateKeys_areRefusedWhereBothCanHappen(Side side) {
    RequestOp deletesAll =
        RequestOp.newBuilder()
            .setRequestDeleteRange(
                DeleteRangeRequest.newBuilder().setKey(key("")).setRangeEnd(end()))
            .build();
    RequestOp nested =
        RequestOp.newBuilder()
            .setRequestTxn(TxnRequest.newBuilder().addFailure(putOp("a", "2")))
            .build();
    RequestOp either =
        RequestOp.newBuilder()
            .setRequestTxn(
                TxnRequest.newBuilder().addSuccess(putOp("a", "1")).addFailure(putOp("a", "2")))
            .build();
    String duplicate = "INVALID_ARGUMENT: etcdserver: duplicate key given in txn request";

    for (RequestOp second : new RequestOp[] {putOp("a", "2"), nested, deletesAll}) {
      TxnRequest.Builder twice =
          TxnRequest.newBuilder().addSuccess(putOp("a", "1")).addSuccess(second);
      assertThat(failure(() -> txn(side, twice))).isEqualTo(duplicate);
    }
    assertThat(txn(side, TxnRequest.newBuilder().addSuccess(either)).getSucceeded()).isTrue();
    assertThat(
            txn(
                    side,
                    TxnRequest.newBuilder().addSuccess(putOp("a", "1")).addFailure(putOp("a", "2")))
                .getSucceeded())
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void txn_withAnUnknownLease_doesNothing(Side side) {
    RequestOp unknown =
        RequestOp.newBuilder().setRequestPut(putting("b", "1").setLease(Side.fresh())).build();

    assertThat(
            failure(
                () ->
                    txn(
                        side,
                        TxnRequest.newBuilder().addSuccess(putOp("a", "1")).addSuccess(unknown))))
        .isEqualTo("NOT_FOUND: etcdserver: requested lease not found");
    assertThat(range(side, all()).getCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void txn_withARangeOfTheFuture_doesNothing(Side side) {
    RequestOp future =
        RequestOp.newBuilder().setRequestRange(one("a").setRevision(1L << 40)).build();

    assertThat(
            failure(
                () ->
                    txn(
                        side,
                        TxnRequest.newBuilder().addSuccess(putOp("a", "1")).addSuccess(future))))
        .isEqualTo("OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
    assertThat(range(side, all()).getCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void txn_rangesSeeEarlierPuts_andDeletesMayStandBesidePuts(Side side) {
    put(side, "old", "1");
    RequestOp delete =
        RequestOp.newBuilder()
            .setRequestDeleteRange(
                DeleteRangeRequest.newBuilder().setKey(key("old")).setPrevKv(true))
            .build();

    TxnResponse done =
        txn(
            side,
            TxnRequest.newBuilder()
                .addSuccess(delete)
                .addSuccess(putOp("new", "2"))
                .addSuccess(RequestOp.newBuilder().setRequestRange(all())));

    assertThat(done.getResponses(0).getResponseDeleteRange().getDeleted()).isEqualTo(1);
    assertThat(done.getResponses(0).getResponseDeleteRange().getPrevKvs(0).getValue())
        .isEqualTo(text("1"));
    RangeResponse seen = done.getResponses(2).getResponseRange();
    assertThat(names(seen.getKvsList())).containsExactly("new");
    assertThat(seen.getKvs(0).getModRevision()).isEqualTo(done.getHeader().getRevision());
  }

  @ParameterizedTest
  @EnumSource
  void txn_thatChangesNothing_hasTheCurrentRevision(Side side) {
    long now = put(side, "a", "1").getHeader().getRevision();

    TxnResponse done =
        txn(
            side,
            TxnRequest.newBuilder()
                .addCompare(compare("a", Compare.CompareTarget.VERSION).setVersion(9))
                .addSuccess(putOp("a", "2")));

    assertThat(done.getSucceeded()).isFalse();
    assertThat(done.getHeader().getRevision()).isEqualTo(now);
    assertThat(put(side, "a", "3").getHeader().getRevision()).isEqualTo(now + 1);
  }

  @ParameterizedTest
  @EnumSource
  void txn_ofReadsThatMayBeStale_isAnswered(Side side) {
    put(side, "a", "1");

    TxnResponse done =
        txn(
            side,
            TxnRequest.newBuilder()
                .addSuccess(
                    RequestOp.newBuilder().setRequestRange(one("a").setSerializable(true))));

    assertThat(done.getResponses(0).getResponseRange().getCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void txn_has128OperationsOnEachSide(Side side) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i < 128; i++) {
      txn.addSuccess(putOp("then" + i, "1")).addFailure(putOp("else" + i, "1"));
      txn.addCompare(compare("none" + i, Compare.CompareTarget.VERSION));
    }

    assertThat(txn(side, txn).getSucceeded()).isTrue();
    assertThat(range(side, all()).getCount()).isEqualTo(128);
    assertThat(failure(() -> txn(side, txn.clone().addFailure(putOp("one more", "1")))))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: too many operations in txn request");
  }

  @ParameterizedTest
  @EnumSource
  void deleteUpToNul_besideAPut_isAccepted(Side side) {
    RequestOp upToNul =
        RequestOp.newBuilder()
            .setRequestDeleteRange(
                DeleteRangeRequest.newBuilder()
                    .setKey(key("b"))
                    .setRangeEnd(ByteString.copyFrom(new byte[1])))
            .build();

    TxnResponse before =
        txn(side, TxnRequest.newBuilder().addSuccess(upToNul).addSuccess(putOp("c", "1")));
    assertThat(before.getSucceeded()).isTrue();
    assertThat(range(side, one("c")).getCount()).isEqualTo(1);
    TxnResponse behind =
        txn(side, TxnRequest.newBuilder().addSuccess(putOp("d", "1")).addSuccess(upToNul));
    assertThat(behind.getSucceeded()).isTrue();
    assertThat(range(side, all()).getCount()).isZero();
  }

  @Test
  void txn_withMoreOperationsThanTheStoreTakes_isRefusedBeforeAnythingIsRead() {
    TxnRequest.Builder within = TxnRequest.newBuilder();
    for (int i = 0; i < 64; i++) {
      within.addSuccess(RequestOp.newBuilder().setRequestRange(one("a").setRevision(1L << 40)));
    }
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i < 8; i++) {
      txn.addSuccess(RequestOp.newBuilder().setRequestTxn(within));
    }

    assertThat(failure(() -> txn(Side.KUBEKV, txn)))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: too many operations in txn request");
  }

  @ParameterizedTest
  @EnumSource
  void txn_ofVeryManyOperations_isRefused(Side side) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i < 700_000; i++) {
      txn.addSuccess(RequestOp.getDefaultInstance());
    }

    assertThat(failure(() -> side.served().kv().txn(txn.build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: too many operations in txn request");
  }

  @ParameterizedTest
  @EnumSource
  void put_thatIsTooLarge_isRefusedTwice(Side side) {
    ByteString large = ByteString.copyFrom(new byte[MIB * 3 / 2]);
    ByteString larger = ByteString.copyFrom(new byte[MIB * 5 / 2]);
    PutRequest.Builder put = PutRequest.newBuilder().setKey(key("a"));

    assertThat(failure(() -> side.served().kv().put(put.setValue(large).build())))
        .isEqualTo("INVALID_ARGUMENT: etcdserver: request is too large");
    assertThat(failure(() -> side.served().kv().put(put.setValue(larger).build())))
        .startsWith("RESOURCE_EXHAUSTED: ");
  }

  @ParameterizedTest
  @EnumSource
  void header_saysAlwaysTheSameStoreAndMember(Side side) {
    ResponseHeader first = put(side, "a", "1").getHeader();
    ResponseHeader second = range(side, all()).getHeader();

    assertThat(second.getClusterId()).isEqualTo(first.getClusterId()).isNotZero();
    assertThat(second.getMemberId()).isEqualTo(first.getMemberId()).isNotZero();
    assertThat(second.getRaftTerm()).isEqualTo(first.getRaftTerm()).isPositive();
    assertThat(second.getRevision()).isEqualTo(first.getRevision());
  }
}
