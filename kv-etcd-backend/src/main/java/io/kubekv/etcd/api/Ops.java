package io.kubekv.etcd.api;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import java.util.Optional;

/** What transactions on a log are made of. */
public final class Ops {
  private Ops() {}

  /** Holds while nothing stands at a key. */
  public static Compare absent(ByteString key) {
    return created(key, Compare.CompareResult.EQUAL);
  }

  /** Holds while something stands at a key. */
  public static Compare present(ByteString key) {
    return created(key, Compare.CompareResult.GREATER);
  }

  private static Compare created(ByteString key, Compare.CompareResult result) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.CREATE)
        .setResult(result)
        .setCreateRevision(0)
        .build();
  }

  /** Holds while a key is as it was at its revision; 0: while it is absent. */
  public static Compare unchanged(ByteString key, long modRevision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(modRevision)
        .build();
  }

  public static RequestOp get(ByteString key) {
    return range(RangeRequest.newBuilder().setKey(key));
  }

  public static RequestOp range(RangeRequest.Builder range) {
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  public static RequestOp put(ByteString key, ByteString value) {
    return put(key, value, 0);
  }

  /** Puts a key that ends with a lease. */
  public static RequestOp put(ByteString key, ByteString value, long lease) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
        .build();
  }

  /** Deletes the keys from one up to another. */
  public static RequestOp delete(ByteString from, ByteString end) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(from).setRangeEnd(end))
        .build();
  }

  public static RequestOp delete(ByteString key) {
    return delete(key, ByteString.EMPTY);
  }

  /** What {@link #get} has found. */
  public static Optional<KeyValue> found(ResponseOp answer) {
    return answer.getResponseRange().getKvsList().stream().findFirst();
  }
}
