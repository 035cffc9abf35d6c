package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operations that transactions of this store are made of. */
final class Operations {
  private final EtcdKeys keys;

  Operations(EtcdKeys keys) {
    this.keys = keys;
  }

  /**
   * Puts an entry. Its time to live is a key beside it that the lease deletes; one without a time
   * to live, or with none left, has no such key.
   *
   * @param lease 0 for none
   */
  List<RequestOp> put(EntryRecord record, WriteId id, long lease, boolean wasMortal) {
    Entry entry = record.entry();
    EntryRecord named = new EntryRecord(entry, record.cause(), Optional.of(id), record.terms());
    List<RequestOp> operations = new ArrayList<>();
    operations.add(put(keys.entry(entry.key()), named.encode(), 0));
    if (lease != 0) {
      operations.add(put(keys.expiry(entry.key()), ByteString.EMPTY, lease));
    } else if (wasMortal) {
      operations.add(delete(Span.of(keys.expiry(entry.key()))));
    }
    return operations;
  }

  /** Deletes an entry, and says why. */
  List<RequestOp> delete(Entry entry, Cause cause, WriteId id) {
    List<RequestOp> operations = new ArrayList<>();
    operations.add(delete(Span.of(keys.entry(entry.key()))));
    if (entry.expiry().isPresent()) {
      operations.add(delete(Span.of(keys.expiry(entry.key()))));
    }
    operations.add(because(CauseRecord.of(cause, id, Optional.empty())));
    return operations;
  }

  /** Deletes an entry and all below it as one change, and says why. */
  List<RequestOp> deleteTree(Key top, Cause cause, WriteId id) {
    return List.of(
        delete(Span.of(keys.entry(top))),
        delete(keys.entriesBelow(top.below())),
        delete(Span.of(keys.expiry(top))),
        delete(keys.expiriesBelow(top.below())),
        because(CauseRecord.of(cause, id, Optional.of(top))));
  }

  /**
   * The operations of several changes as those of one transaction: etcd takes each key once, so one
   * record says why everything is gone.
   */
  List<RequestOp> becauseOnce(List<RequestOp> changes, CauseRecord causes) {
    List<RequestOp> operations = new ArrayList<>();
    for (RequestOp operation : changes) {
      if (!operation.getRequestPut().getKey().equals(keys.cause())) {
        operations.add(operation);
      }
    }
    operations.add(because(causes));
    return operations;
  }

  RequestOp because(CauseRecord cause) {
    return put(keys.cause(), cause.encode(), 0);
  }

  static RequestOp put(ByteString key, ByteString value, long lease) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
        .build();
  }

  static RequestOp delete(Span span) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(span.from()).setRangeEnd(span.end()))
        .build();
  }
}
