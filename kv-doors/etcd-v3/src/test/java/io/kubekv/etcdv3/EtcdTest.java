package io.kubekv.etcdv3;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.etcdv3.wire.Compare;
import io.kubekv.etcdv3.wire.KeyValue;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.PutResponse;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RangeResponse;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import java.util.List;
import java.util.function.Supplier;

/** What tests say to either side; every test has keys of its own. */
abstract class EtcdTest {
  private final String place = "t" + Side.fresh() + "/";

  /** A key of this test. */
  final ByteString key(String name) {
    return ByteString.copyFromUtf8(place + name);
  }

  /** The end of all keys of this test. */
  final ByteString end() {
    return ByteString.copyFromUtf8(place.replace('/', '0'));
  }

  static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  final PutRequest.Builder putting(String name, String value) {
    return PutRequest.newBuilder().setKey(key(name)).setValue(text(value));
  }

  final PutResponse put(Side side, String name, String value) {
    return side.served().kv().put(putting(name, value).build());
  }

  /** All keys of this test. */
  final RangeRequest.Builder all() {
    return RangeRequest.newBuilder().setKey(key("")).setRangeEnd(end());
  }

  final RangeRequest.Builder one(String name) {
    return RangeRequest.newBuilder().setKey(key(name));
  }

  final WatchCreateRequest.Builder watchAll() {
    return WatchCreateRequest.newBuilder().setKey(key("")).setRangeEnd(end());
  }

  static RangeResponse range(Side side, RangeRequest.Builder request) {
    return side.served().kv().range(request.build());
  }

  /** The names of keys in an answer. */
  final List<String> names(List<KeyValue> kvs) {
    return kvs.stream().map(kv -> name(kv.getKey())).toList();
  }

  final String name(ByteString key) {
    return key.toStringUtf8().substring(place.length());
  }

  final RequestOp putOp(String name, String value) {
    return RequestOp.newBuilder().setRequestPut(putting(name, value)).build();
  }

  final Compare.Builder compare(String name, Compare.CompareTarget target) {
    return Compare.newBuilder().setKey(key(name)).setTarget(target);
  }

  static long grant(Side side) {
    long id = Side.fresh();
    var unused =
        side.served()
            .lease()
            .leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(1000).build());
    return id;
  }

  /** How a call fails: code and text. */
  static String failure(Supplier<?> call) {
    try {
      return "answered: " + call.get();
    } catch (StatusRuntimeException failed) {
      Status status = failed.getStatus();
      return status.getCode() + ": " + status.getDescription();
    }
  }
}
