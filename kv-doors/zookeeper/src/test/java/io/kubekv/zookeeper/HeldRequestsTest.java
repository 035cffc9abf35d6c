package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.DelegatingStore;
import io.kubekv.KeyValueStore;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.transport.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Requests that are being done are held as well as those that wait. */
class HeldRequestsTest {
  private static final String NO_NODE = "ffffff9b";

  /** A message takes up to twice its room while it comes. */
  private static final HttpLimits LIMITS =
      HttpLimits.DEFAULT.withMaxBodyBytes(100_000).withMaxHeldBytes(1 << 20, 200_000);

  private static final int SMALL = 30_000;
  private static final int OTHERS = 5;
  private static final int LARGE = 90_000;

  /** A setData of the node /a. */
  private static String set(int bytes) {
    return "%08x".formatted(4 + 4 + 4 + 2 + 4 + bytes + 4)
        + "00000001 00000005 00000002 2f61"
        + "%08x".formatted(bytes)
        + "00".repeat(bytes)
        + "ffffffff";
  }

  /** Answers no transaction before the test says so. */
  private static final class Slow extends DelegatingStore {
    private final Semaphore asked = new Semaphore(0);
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Slow(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      asked.release();
      return released.thenCompose(now -> inner().transact(request));
    }
  }

  private final Slow[] slow = new Slow[1];

  private DoorUnderTest door() {
    return DoorUnderTest.open(store -> slow[0] = new Slow(store), Duration.ofSeconds(3), LIMITS);
  }

  private static RawClient connected(DoorUnderTest door) throws IOException {
    RawClient client = new RawClient(door.port());
    client.send(BytesSuite.CONNECT).message();
    return client;
  }

  @Test
  void address_mayHaveSoMuchDoneForIt_onAllItsConnections() throws Exception {
    List<RawClient> others = new ArrayList<>();
    try (DoorUnderTest door = door();
        RawClient one = connected(door);
        RawClient late = connected(door)) {
      for (int i = 0; i < OTHERS; i++) {
        others.add(connected(door).send(set(SMALL)));
        slow[0].asked.acquire();
      }

      assertThat(one.isCutBy(set(LARGE))).isTrue();

      slow[0].released.complete(null);
      for (RawClient other : others) {
        assertThat(other.hex()).endsWith(NO_NODE);
        other.close();
      }
      assertThat(late.send(set(LARGE)).hex()).endsWith(NO_NODE);
    }
  }
}
