package io.kubekv.server;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Three replicas of one store on one API server; the first holds the lease. */
abstract class ThreeReplicas {
  static final Key KEY = Key.of("a/b");
  static final Duration LEASE = Duration.ofSeconds(3);
  static final Duration SOON = Duration.ofSeconds(20);

  final List<ReplicaUnderTest> replicas = new ArrayList<>();
  private EmbeddedApiServer api;

  @BeforeEach
  void start() throws IOException {
    api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    for (String name : List.of("one", "two", "three")) {
      replicas.add(replica(name));
    }
  }

  final ReplicaUnderTest replica(String name) {
    return new ReplicaUnderTest(api, name, LEASE, StoreSpec.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    replicas.reversed().forEach(ReplicaUnderTest::close);
    api.close();
  }

  final KeyValueStore store(int number) {
    return replicas.get(number % replicas.size()).store();
  }

  static Revision put(KeyValueStore store, String value) {
    return stored(Await.change(store.put(PutRequest.of(KEY, Bytes.utf8(value)))));
  }

  static Revision stored(PutOutcome outcome) {
    return switch (outcome) {
      case PutOutcome.Stored stored -> stored.entry().modifyRevision();
      case Refused refused -> throw new AssertionError(refused);
    };
  }

  static WatchEvent firstChange(Watch watch) throws InterruptedException {
    while (true) {
      WatchEvent event = watch.next(SOON).orElseThrow();
      if (!(event instanceof WatchEvent.Progress)) {
        return event;
      }
    }
  }
}
