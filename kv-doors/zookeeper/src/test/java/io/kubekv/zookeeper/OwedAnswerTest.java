package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.transport.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers and events that meet: clients tell by their order what belongs to what. */
class OwedAnswerTest {
  /** exists of /a, and wait for it. */
  private static final String EXISTS_A = "0000000f 00000001 00000003 00000002 2f61 01";

  /** getData of /. */
  private static final String GET_ROOT = "0000000e 00000002 00000004 00000001 2f 00";

  /** addWatch of /, of what is below as well. */
  private static final String ADD_WATCH = "00000011 00000003 0000006a 00000001 2f 00000001";

  private static final int MANY = 200;
  private static final int LITTLE = 1 << 10;

  private final HttpLimits little =
      new HttpLimits(
          LITTLE,
          LITTLE,
          LITTLE,
          10,
          10,
          LITTLE,
          LITTLE,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  /** After so many looks at events since /a was read, the task is done; none when negative. */
  private volatile int looks = -1;

  private volatile Runnable task = () -> {};
  private volatile Runnable cut = () -> {};
  private final DoorUnderTest door =
      DoorUnderTest.open(Meddling::new, Duration.ofSeconds(3), little);

  /** Changes are made in it, and it is cut off, at chosen moments. */
  private final class Meddling extends CutOffStore {
    private boolean armed;

    Meddling(KeyValueStore inner) {
      super(inner);
      cut = this::cutOff;
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      armed |= request.operations().contains(new TransactionOperation.Get(Key.of("a")));
      return inner().transact(request);
    }

    @Override
    protected void looking() {
      if (armed && looks > 0 && --looks == 0) {
        task.run();
      }
    }
  }

  @AfterEach
  void close() {
    door.close();
  }

  private RawClient connected() throws IOException {
    RawClient client = new RawClient(door.port());
    client.send(BytesSuite.CONNECT).message();
    return client;
  }

  private void put(String key) {
    var unused = Await.change(door.store().put(PutRequest.of(Key.of(key), Bytes.utf8("x"))));
  }

  /** The change is made before it is found that nothing has changed, and behind that. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void eventOfAWatch_isBehindTheAnswerThatSetsIt(int look) throws IOException {
    try (RawClient client = connected()) {
      task = () -> put("a");
      looks = look;

      assertThat(client.send(EXISTS_A).hex()).startsWith("00000001");
      assertThat(looks).isZero();
      put("a");

      assertThat(client.hex()).startsWith("ffffffff");
    }
  }

  @Test
  void eventsThatWait_areBounded() throws IOException {
    try (RawClient client = connected()) {
      assertThat(client.send(ADD_WATCH).hex()).startsWith("00000003");
      task =
          () -> {
            for (int i = 0; i < MANY; i++) {
              put("b/" + "x".repeat(LITTLE / 4) + i);
            }
          };
      looks = 2;

      assertThat(client.send(EXISTS_A).untilClosed()).isEmpty();
    }
  }

  @Test
  void answer_thatShowsWhatCannotBeTold_isNone() throws IOException {
    try (RawClient client = connected()) {
      assertThat(client.send(EXISTS_A).hex()).endsWith("ffffff9b");
      cut.run();
      put("a");

      assertThat(client.send(GET_ROOT).untilClosed()).isEmpty();
    }
  }
}
