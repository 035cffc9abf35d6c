package io.kubekv.server;

import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchRequest;
import io.kubekv.client.Changes;
import io.kubekv.client.HeldLock;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LockOptions;
import java.time.Duration;

/** What programs ask of the gRPC API. */
final class GrpcWarmUp {
  private static final int KEYS = 100;
  private static final Range TREE = new Range.Tree(Key.of("grpc"));

  private GrpcWarmUp() {}

  /** A change by compare and swap and the read before it; sometimes a list, a watch and a lock. */
  static void round(KubekvClient client, int round) throws InterruptedException {
    Key key = Key.of("grpc/" + round % KEYS);
    client.put(PutRequest.of(key, Bytes.utf8("x".repeat(200))));
    Revision read = client.get(key).entry().orElseThrow().modifyRevision();
    client.put(
        PutRequest.of(key, Bytes.utf8("y".repeat(200)))
            .withPrecondition(new Precondition.RevisionIs(read)));
    if (round % 10 == 0) {
      client.list(TREE);
      try (Changes changes = client.watch(WatchRequest.from(TREE, read))) {
        changes.next(Duration.ofSeconds(10));
      }
      try (HeldLock lock = client.lock(Key.of("grpc-lock"), LockOptions.DEFAULT)) {
        lock.token();
      }
    }
    if (round % 2 == 0) {
      client.delete(DeleteRequest.of(key));
    }
  }
}
