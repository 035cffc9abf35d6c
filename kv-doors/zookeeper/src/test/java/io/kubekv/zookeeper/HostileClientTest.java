package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that mean no good, or do badly: they are cut off, and others are served. */
class HostileClientTest {
  private final DoorUnderTest door = DoorUnderTest.open();

  @AfterEach
  void close() {
    door.close();
  }

  private RawClient connected() throws IOException {
    RawClient client = new RawClient(door.port());
    client.send(BytesSuite.CONNECT).message();
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
}
