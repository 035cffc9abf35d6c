package io.kubekv.etcdv3.probes;

import com.google.protobuf.ByteString;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import java.util.stream.Stream;

/**
 * Transactions that etcd survives. Where a delete of all that follow takes a key, and a put behind
 * it ignores its value or lease, etcd 3.6.16 ends itself ("unexpected error during txn with
 * writes"). Other deletes may not stand beside puts of the same keys. KvTest has what kubekv
 * answers.
 */
final class Survivable {
  /** As the end of a range: all that follow. */
  static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private Survivable() {}

  /** The same, without puts that ignore something beside such a delete. */
  static TxnRequest by(TxnRequest txn) {
    return deletesUpToNul(txn) ? ignoringNothing(txn) : txn;
  }

  private static Stream<RequestOp> operations(TxnRequest txn) {
    return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream());
  }

  private static boolean deletesUpToNul(TxnRequest txn) {
    return operations(txn)
        .anyMatch(
            each ->
                each.getRequestDeleteRange().getRangeEnd().equals(NUL)
                    || each.hasRequestTxn() && deletesUpToNul(each.getRequestTxn()));
  }

  private static TxnRequest ignoringNothing(TxnRequest txn) {
    return txn.toBuilder()
        .clearSuccess()
        .addAllSuccess(txn.getSuccessList().stream().map(Survivable::ignoringNothing).toList())
        .clearFailure()
        .addAllFailure(txn.getFailureList().stream().map(Survivable::ignoringNothing).toList())
        .build();
  }

  private static RequestOp ignoringNothing(RequestOp operation) {
    RequestOp.Builder changed = operation.toBuilder();
    if (operation.hasRequestPut()) {
      changed.getRequestPutBuilder().clearIgnoreValue().clearIgnoreLease();
    } else if (operation.hasRequestTxn()) {
      changed.setRequestTxn(ignoringNothing(operation.getRequestTxn()));
    }
    return changed.build();
  }
}
