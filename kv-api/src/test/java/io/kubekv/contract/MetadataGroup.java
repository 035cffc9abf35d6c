package io.kubekv.contract;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Metadata;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import java.util.OptionalInt;
import java.util.function.Function;

/** What the tests of metadata have in common. */
abstract class MetadataGroup extends TransactionGroup {
  static final Bytes ACL = Bytes.copyOf(new byte[] {0, -1, 7});

  MetadataGroup(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  static PutRequest described(String key) {
    return value(key, "1").withMetadata(ACL);
  }

  static TransactionOperation describing(String key, Bytes content) {
    return new TransactionOperation.SetMetadata(Key.of(key), OptionalInt.empty(), content);
  }

  static TransactionOperation describing(String key, int version, Bytes content) {
    return new TransactionOperation.SetMetadata(Key.of(key), OptionalInt.of(version), content);
  }

  final Metadata metadata(String key) {
    return get(key).orElseThrow().metadata();
  }
}
