package io.kubekv.etcdv3.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.etcdv3.wire.KeyValue;

/** Entries as etcd shows them. A directory of another door is a key with an empty value. */
public final class KeyValues {
  private KeyValues() {}

  public static KeyValue of(Entry entry) {
    return keyOnly(entry).toBuilder().setValue(value(entry.value())).build();
  }

  public static KeyValue keyOnly(Entry entry) {
    return KeyValue.newBuilder()
        .setKey(Keys.bytes(entry.key()))
        .setCreateRevision(entry.createRevision().value())
        .setModRevision(entry.modifyRevision().value())
        .setVersion(entry.version())
        .setLease(LeaseIds.of(entry.attachedTo()))
        .build();
  }

  /** Without copying: a value never changes. */
  public static ByteString value(Bytes value) {
    return UnsafeByteOperations.unsafeWrap(value.toBuffer());
  }

  public static Bytes value(ByteString value) {
    return Bytes.copyOf(value.toByteArray());
  }
}
