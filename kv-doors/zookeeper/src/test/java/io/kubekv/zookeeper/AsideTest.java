package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.Sessions;
import io.kubekv.transport.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes long for one client keeps no other waiting. */
class AsideTest {
  /** getAllChildrenNumber of /. */
  private static final String ALL_BELOW = "0000000d 00000001 00000068 00000001 2f";

  /** getEphemerals of /. */
  private static final String EPHEMERALS = "0000000d 00000001 00000067 00000001 2f";

  /** exists of /. */
  private static final String EXISTS = "0000000e 00000002 00000003 00000001 2f 00";

  private static final long PATIENCE = 10;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private final DoorUnderTest door =
      DoorUnderTest.open(Slow::new, Duration.ofSeconds(3), HttpLimits.DEFAULT);

  /** It keeps whoever looks at much of it. */
  private final class Slow extends DelegatingStore {
    Slow(KeyValueStore inner) {
      super(inner);
    }

    private void keep() {
      begun.countDown();
      try {
        assertThat(goesOn.await(2 * PATIENCE, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      keep();
      return inner().list(request, freshness);
    }

    @Override
    public Sessions sessions() {
      return new DelegatingSessions(inner().sessions()) {
        @Override
        public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
          keep();
          return inner().keys(id, freshness);
        }
      };
    }
  }

  @AfterEach
  void close() {
    goesOn.countDown();
    door.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {ALL_BELOW, EPHEMERALS})
  void another_isAnsweredMeanwhile(String slow) throws IOException, InterruptedException {
    try (RawClient one = new RawClient(door.port());
        RawClient other = new RawClient(door.port())) {
      one.send(BytesSuite.CONNECT).message();
      other.send(BytesSuite.CONNECT).message();

      one.send(slow);
      assertThat(begun.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
      assertThat(other.send(EXISTS).hex()).startsWith("00000002");
      goesOn.countDown();

      assertThat(one.hex()).startsWith("00000001");
    }
  }
}
