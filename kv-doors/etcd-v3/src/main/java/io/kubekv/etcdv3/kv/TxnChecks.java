package io.kubekv.etcdv3.kv;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.kubekv.TransactionRequest;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.wire.Compare;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What etcd refuses before it looks at the state (etcd 3.6, server/etcdserver/api/v3rpc/key.go).
 */
final class TxnChecks {
  static final int MAX_OPS = 128;

  /** etcd's --max-request-bytes. */
  private static final int MAX_REQUEST_BYTES = 3 << 19;

  private TxnChecks() {}

  /** Cheap checks come first: comparing keys takes time with the square of their number. */
  static void check(TxnRequest request) {
    check(request, MAX_OPS);
    require(operations(request) <= TransactionRequest.MAX_OPERATIONS, Failures.TOO_MANY_OPS);
    checkSize(request.getSerializedSize());
    keys(request.getSuccessList());
    keys(request.getFailureList());
  }

  /** How many operations of the port it becomes at most, both sides counted. */
  private static long operations(TxnRequest txn) {
    return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
        .mapToLong(
            each ->
                switch (each.getRequestCase()) {
                  case REQUEST_DELETE_RANGE -> each.getRequestDeleteRange().getPrevKv() ? 2 : 1;
                  case REQUEST_TXN -> 1 + operations(each.getRequestTxn());
                  case REQUEST_RANGE, REQUEST_PUT, REQUEST_NOT_SET -> 1;
                })
        .sum();
  }

  /** Refuses a request that etcd would not put into its log. */
  static void checkSize(int bytes) {
    require(bytes <= MAX_REQUEST_BYTES, Failures.REQUEST_TOO_LARGE);
  }

  static void check(PutRequest put) {
    require(!put.getKey().isEmpty(), Failures.EMPTY_KEY);
    require(!put.getIgnoreValue() || put.getValue().isEmpty(), Failures.VALUE_PROVIDED);
    require(!put.getIgnoreLease() || put.getLease() == 0, Failures.LEASE_PROVIDED);
    require(Keys.of(put.getKey()).isPresent(), Failures.NOT_A_KEY);
  }

  static void check(DeleteRangeRequest delete) {
    require(!delete.getKey().isEmpty(), Failures.EMPTY_KEY);
  }

  /** Operations are counted on each side, and what is within has what the outer leaves. */
  private static void check(TxnRequest txn, int most) {
    int widest =
        Math.max(txn.getCompareCount(), Math.max(txn.getSuccessCount(), txn.getFailureCount()));
    require(widest <= most, Failures.TOO_MANY_OPS);
    for (Compare compare : txn.getCompareList()) {
      require(!compare.getKey().isEmpty(), Failures.EMPTY_KEY);
    }
    txn.getSuccessList().forEach(each -> check(each, most - widest));
    txn.getFailureList().forEach(each -> check(each, most - widest));
  }

  private static void check(RequestOp operation, int most) {
    switch (operation.getRequestCase()) {
      case REQUEST_RANGE -> RangeAnswers.check(operation.getRequestRange());
      case REQUEST_PUT -> check(operation.getRequestPut());
      case REQUEST_DELETE_RANGE -> check(operation.getRequestDeleteRange());
      case REQUEST_TXN -> check(operation.getRequestTxn(), most);
      case REQUEST_NOT_SET -> throw Failures.KEY_NOT_FOUND.asRuntimeException();
    }
  }

  /** The keys that a list of operations puts, and the ranges that it deletes. */
  private record Touched(Set<ByteString> puts, List<DeleteRangeRequest> deletes) {
    void requireUndeleted(ByteString key) {
      require(
          deletes.stream().noneMatch(each -> Ranges.covers(each.getKey(), each.getRangeEnd(), key)),
          Failures.DUPLICATE_KEY);
    }
  }

  /** A key is put once, and is in no range that is deleted, among what can happen together. */
  private static Touched keys(List<RequestOp> operations) {
    Touched all = new Touched(new HashSet<>(), new ArrayList<>());
    for (RequestOp each : operations) {
      if (each.hasRequestDeleteRange()) {
        all.deletes().add(each.getRequestDeleteRange());
      }
    }
    for (RequestOp each : operations) {
      if (each.hasRequestTxn()) {
        addNested(each.getRequestTxn(), all);
      }
    }
    for (RequestOp each : operations) {
      if (each.hasRequestPut()) {
        ByteString key = each.getRequestPut().getKey();
        require(all.puts().add(key), Failures.DUPLICATE_KEY);
        all.requireUndeleted(key);
      }
    }
    return all;
  }

  /** What is put on one side of a choice may be put on the other. */
  private static void addNested(TxnRequest txn, Touched all) {
    Touched then = keys(txn.getSuccessList());
    Touched otherwise = keys(txn.getFailureList());
    for (ByteString key : then.puts()) {
      require(all.puts().add(key), Failures.DUPLICATE_KEY);
      all.requireUndeleted(key);
    }
    for (ByteString key : otherwise.puts()) {
      require(all.puts().add(key) || then.puts().contains(key), Failures.DUPLICATE_KEY);
      all.requireUndeleted(key);
    }
    all.deletes().addAll(then.deletes());
    all.deletes().addAll(otherwise.deletes());
  }

  private static void require(boolean holds, Status otherwise) {
    if (!holds) {
      throw otherwise.asRuntimeException();
    }
  }
}
