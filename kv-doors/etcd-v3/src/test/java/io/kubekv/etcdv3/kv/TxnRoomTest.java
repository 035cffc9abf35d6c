package io.kubekv.etcdv3.kv;

import static com.google.protobuf.ByteString.copyFromUtf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.TransactionOutcome;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.ResponseHeader;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.TxnResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What transactions may read and answer: bounds that are reached only here. */
final class TxnRoomTest {
  @Test
  void txnThatReadsTooMuchOfThePast_isRefused() {
    try (EngineStore store = EngineStore.inMemory()) {
      storePut(store, "a");
      long then = storePut(store, "b");
      storePut(store, "c");
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      RangeRequest.Builder past =
          RangeRequest.newBuilder()
              .setKey(copyFromUtf8("a"))
              .setRangeEnd(copyFromUtf8("z"))
              .setRevision(then);
      txn.addSuccess(RequestOp.newBuilder().setRequestRange(past));
      txn.addSuccess(RequestOp.newBuilder().setRequestRange(past.setKeysOnly(true)));

      assertThat(TxnReads.of(txn.build(), store, Runnable::run, 2).join().hasPast()).isTrue();
      txn.addSuccess(RequestOp.newBuilder().setRequestRange(past.setRevision(then - 1)));
      assertThat(failure(() -> told(TxnReads.of(txn.build(), store, Runnable::run, 2))))
          .startsWith("RESOURCE_EXHAUSTED: kubekv: the ranges of former revisions");
    }
  }

  @Test
  void txnWhoseAnswerIsTooLarge_isNotSaidToHaveDoneNothing() {
    try (EngineStore store = EngineStore.inMemory()) {
      storePut(store, "a");
      RequestOp all =
          RequestOp.newBuilder()
              .setRequestRange(
                  RangeRequest.newBuilder()
                      .setKey(copyFromUtf8("a"))
                      .setRangeEnd(copyFromUtf8("z")))
              .build();
      RequestOp put =
          RequestOp.newBuilder()
              .setRequestPut(
                  PutRequest.newBuilder().setKey(copyFromUtf8("b")).setValue(copyFromUtf8("1")))
              .build();
      TxnRequest.Builder reads = TxnRequest.newBuilder().addSuccess(all).addSuccess(all);

      assertThat(failure(() -> answered(reads.build(), store, 9))).startsWith("RESOURCE_EXHAUSTED");
      assertThat(answered(reads.build(), store, 10).getResponsesCount()).isEqualTo(2);
      assertThat(failure(() -> answered(reads.addSuccess(put).build(), store, 9)))
          .isEqualTo("UNAVAILABLE: etcdserver: request timed out");
    }
  }

  private static long storePut(EngineStore store, String key) {
    Bytes value = Bytes.copyOf(new byte[5]);
    var put = store.put(io.kubekv.PutRequest.of(Key.of(key), value)).join();
    return ((PutOutcome.Stored) put).revision().value();
  }

  private static TxnResponse answered(TxnRequest txn, EngineStore store, long room) {
    TxnReads reads = told(TxnReads.of(txn, store, Runnable::run));
    TxnPlan plan = new TxnPlan(txn, reads, new RangeAnswers.Room(room));
    var outcome = (TransactionOutcome.Committed) store.transact(plan.request()).join();
    return plan.answer(outcome, ResponseHeader.getDefaultInstance());
  }

  private static <T> T told(CompletableFuture<T> coming) {
    try {
      return coming.join();
    } catch (CompletionException failed) {
      throw Failures.told(failed);
    }
  }

  private static String failure(ThrowingCallable call) {
    return String.valueOf(catchThrowableOfType(StatusRuntimeException.class, call).getMessage());
  }
}
