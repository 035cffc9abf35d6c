package io.kubekv.grpc;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.client.Changes;
import io.kubekv.client.HeldLock;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LockOptions;

/** The example of docs/java.md, as it stands there. */
final class DocumentedExample {
  private DocumentedExample() {}

  static void run(String target) throws InterruptedException {
    try (KubekvClient client = KubekvClient.to(target).connect()) {
      Key greeting = Key.of("app/greeting");
      client.put(PutRequest.of(greeting, Bytes.utf8("hello")));
      Entry read = client.get(greeting).entry().orElseThrow();

      // compare and swap; that somebody was faster is an outcome, not an exception
      var unchanged = new Precondition.RevisionIs(read.modifyRevision());
      PutRequest swap =
          PutRequest.of(greeting, Bytes.utf8("hello again")).withPrecondition(unchanged);
      switch (client.put(swap)) {
        case PutOutcome.Stored stored -> System.out.println(stored.entry().value().toText());
        case Refused refused -> System.out.println("not stored: " + refused.reason());
      }

      // one at a time; the key refuses puts of former holders, whose tokens are lower
      try (HeldLock lock = client.lock(Key.of("app/lock"), LockOptions.DEFAULT)) {
        PutRequest guarded = PutRequest.of(Key.of("app/guarded"), Bytes.utf8("mine"));
        client.put(guarded.withFence(lock.token()));
      }

      // every change since, once and in order, also over connections that break
      Range app = new Range.Tree(Key.of("app"));
      try (Changes changes = client.watch(WatchRequest.from(app, read.modifyRevision()))) {
        for (WatchEvent event : changes) {
          if (event instanceof WatchEvent.Put put) {
            System.out.println(put.entry().key() + " at " + put.revision());
          } else if (event instanceof WatchEvent.Progress) {
            break; // all that was known has come: the next events are those of the future
          }
        }
      }
    }
  }
}
