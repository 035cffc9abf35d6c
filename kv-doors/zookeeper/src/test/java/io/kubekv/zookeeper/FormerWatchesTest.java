package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LimitExceededException;
import io.kubekv.OverloadedException;
import io.kubekv.PutRequest;
import io.kubekv.StoreException;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.transport.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a client waited for on its former connection: it waits for all of it, or comes again. */
class FormerWatchesTest {
  /** Waits for /a and /b, which there were not. */
  private static final String SET_WATCHES =
      "00000028 fffffff8 00000065 0000000000000001 00000000"
          + "00000002 00000002 2f61 00000002 2f62 00000000";

  /** Refuses reads in the way of a test. */
  private static final class Refusing extends DelegatingStore {
    private final Function<TransactionRequest, Optional<StoreException>> why;

    Refusing(KeyValueStore inner, Function<TransactionRequest, Optional<StoreException>> why) {
      super(inner);
      this.why = why;
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      Optional<StoreException> refused =
          request.onlyReads() ? why.apply(request) : Optional.empty();
      return refused.isPresent()
          ? CompletableFuture.failedFuture(refused.get())
          : inner().transact(request);
    }
  }

  private static DoorUnderTest door(Function<TransactionRequest, Optional<StoreException>> why) {
    return DoorUnderTest.open(
        store -> new Refusing(store, why), Duration.ofSeconds(3), HttpLimits.DEFAULT);
  }

  private static void put(DoorUnderTest door, String key) {
    var unused = Await.change(door.store().put(PutRequest.of(Key.of(key), Bytes.utf8("x"))));
  }

  @Test
  void nodes_thatAreTooMuchTogether_areReadOneByOne() throws IOException {
    try (DoorUnderTest door =
            door(
                request ->
                    request.all().size() > 2
                        ? Optional.of(new LimitExceededException("answer size", "bytes", 2, 1))
                        : Optional.empty());
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      assertThat(client.send(SET_WATCHES).hex()).startsWith("fffffff8").endsWith("00000000");

      put(door, "b");
      assertThat(client.hex()).startsWith("ffffffff").endsWith("2f62");
    }
  }

  /** Its key may have been deleted meanwhile, of which nothing is kept. */
  @Test
  void nodeWithoutAKey_mayHaveChanged() throws IOException {
    try (DoorUnderTest door = DoorUnderTest.open();
        RawClient client = new RawClient(door.port())) {
      put(door, "a/b");
      client.send(BytesSuite.CONNECT).message();

      client.send(
          "00000022 fffffff8 00000065 0000000000000001"
              + "00000001 00000002 2f61 00000000 00000000");

      assertThat(client.hex())
          .startsWith("ffffffff")
          .endsWith("00000003 00000003 00000002 2f61".replace(" ", ""));
      assertThat(client.hex()).startsWith("fffffff8").endsWith("00000000");
    }
  }

  /** The root is there without a key, and has not changed then. */
  @Test
  void rootWithoutAKey_hasNotChanged() throws IOException {
    try (DoorUnderTest door = DoorUnderTest.open();
        RawClient client = new RawClient(door.port())) {
      put(door, "a");
      client.send(BytesSuite.CONNECT).message();

      client.send(
          "00000021 fffffff8 00000065 0000000000000001 00000001 00000001 2f 00000000 00000000");

      assertThat(client.hex()).startsWith("fffffff8").endsWith("00000000");
    }
  }

  /** Clients take no notice of an error here, and would wait for what they are never told. */
  @Test
  void client_thatCannotWaitForAll_isCutOff() throws IOException {
    try (DoorUnderTest door =
            door(request -> Optional.of(new OverloadedException("of the test", Duration.ZERO)));
        RawClient client = new RawClient(door.port())) {
      client.send(BytesSuite.CONNECT).message();

      assertThat(client.send(SET_WATCHES).untilClosed()).isEmpty();
    }
  }
}
