package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.transport.http.HttpLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that mean no good, or do badly: they are cut off, and others are served. */
class HostileClientTest {
  private static final int BIG = 256 << 10;
  private static final String GET_BIG = "00000011 00000001 00000004 00000004 2f626967 00";

  private final DoorUnderTest door = DoorUnderTest.open();

  @AfterEach
  void close() {
    door.close();
  }

  private void put(String key, int bytes) {
    var unused =
        Await.change(door.store().put(PutRequest.of(Key.of(key), Bytes.copyOf(new byte[bytes]))));
  }

  /** A client that may be quiet for a minute. */
  private RawClient connected() throws IOException {
    RawClient client = new RawClient(door.port());
    client.send(BytesSuite.CONNECT.replace("00002710", "0000ea60")).message();
    return client;
  }

  /** How many connections there are beside the one that asks. */
  private int others() {
    try (RawClient client = new RawClient(door.port())) {
      return client
              .sendText("srvr")
              .untilClosed()
              .lines()
              .filter(line -> line.startsWith("Connections: "))
              .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(' ') + 1)))
              .sum()
          - 1;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Test
  void message_inManyPieces_isAnswered() throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      assertThat(client.sendSlowly(BytesSuite.CONNECT).message()).hasSize(37);
      assertThat(client.sendSlowly(BytesSuite.CREATE_A + BytesSuite.PING).hex())
          .startsWith("00000001")
          .endsWith("2f61");
      assertThat(client.hex()).startsWith("fffffffe");
    }
  }

  @Test
  void messageOfASession_thatIsLongerThanAnyIs_closes() throws IOException {
    try (RawClient client = connected()) {
      assertThat(client.send("00100000").untilClosed()).isEmpty();
    }
  }

  @Test
  void firstMessage_thatNeverEnds_isCutOffByItsLength() throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      assertThat(client.send("7fffffff" + "00".repeat(4096)).untilClosed()).isEmpty();
    }
  }

  @Test
  void message_whoseRestNeverComes_isForgottenWithItsClient() throws IOException {
    try (RawClient client = connected()) {
      assertThat(client.send("00000032 00000001 00000001 0000").stop().untilClosed()).isEmpty();
    }
    await().until(() -> others() == 0);
  }

  /** As by ZooKeeper: see BytesSuite; what a list or a text says of its length is not believed. */
  @Test
  void lengthWithinAMessage_thatIsTooLong_isRefused_andTheSessionGoesOn() throws IOException {
    try (RawClient client = connected()) {
      assertThat(client.send("0000000d 00000001 00000004 7ffffff0 00").hex()).endsWith("fffffffb");
      assertThat(client.send("00000018 00000002 00000065 0000000000000000 7fffffff 00000000").hex())
          .endsWith("fffffffb");
      assertThat(client.send(BytesSuite.PING).hex()).startsWith("fffffffe");
    }
  }

  @Test
  void client_thatTakesNoAnswers_isCutOff_andLittleIsHeld() throws IOException {
    put("big", BIG);
    int asked = 200;
    try (RawClient slow = connected()) {
      slow.send(GET_BIG.repeat(asked));

      await()
          .until(
              () -> {
                assertThat(door.unsent().bytes())
                    .isLessThanOrEqualTo(2L * DoorUnderTest.MOST_UNSENT);
                return others() == 0;
              });

      assertThat(slow.rest()).isLessThan(BIG * asked / 2);
      assertThat(door.unsent().bytes()).isZero();
    }
  }

  @Test
  void client_thatIsQuietAndTakesNothing_isCutOffAtItsTimeout() throws IOException {
    put("big", BIG);
    try (DoorUnderTest quick =
            DoorUnderTest.open(store -> door.store(), Duration.ofMillis(50), HttpLimits.DEFAULT);
        RawClient slow = new RawClient(quick.port())) {
      slow.send(BytesSuite.CONNECT).message();
      slow.send(GET_BIG.repeat(8));

      await().until(() -> quick.unsent().bytes() > 0);
      await().until(() -> quick.unsent().bytes() == 0);
    }
  }

  @Test
  void client_thatTakesNoEvents_isCutOff_andOthersAreTold() throws IOException {
    String name = "a".repeat(3000);
    String add = "00000011 00000001 0000006a 00000001 2f 00000001";
    try (RawClient slow = connected();
        RawClient other = connected()) {
      slow.send(add).message();
      other.send(add).message();

      for (int i = 0; i < 3 * DoorUnderTest.MOST_UNSENT / name.length(); i++) {
        put(name + i, 0);
        assertThat(other.hex()).startsWith("ffffffff");
        if (i % 256 == 0) { // a busy machine may take longer than the session's timeout
          assertThat(other.send(BytesSuite.PING).hex()).startsWith("fffffffe");
        }
      }

      await().until(() -> others() == 1);
      assertThat(other.send(BytesSuite.PING).hex()).startsWith("fffffffe");
    }
  }
}
