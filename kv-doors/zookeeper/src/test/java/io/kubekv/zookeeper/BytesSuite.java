package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes on the wire, the same for a real server and for the door. */
abstract class BytesSuite {
  /** 45 bytes: no session, nothing seen, a timeout of 10 s, and that a server may only read. */
  static final String CONNECT =
      "0000002d 00000000 0000000000000000 00002710 0000000000000000 00000010"
          + " 00000000000000000000000000000000 00";

  static final String OLD_CONNECT =
      "0000002c 00000000 0000000000000000 00002710 0000000000000000 00000010"
          + " 00000000000000000000000000000000";

  /** A node /a that everybody may everything with. */
  static final String CREATE_A =
      "00000032 00000001 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64"
          + " 00000006 616e796f6e65 00000000";

  static final String PING = "00000008 fffffffe 0000000b";

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path folder;

  abstract Side start();

  @Test
  void handshake_namesTimeoutSessionAndPassword() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      ByteBuffer answer = ByteBuffer.wrap(client.send(CONNECT).message());

      assertThat(answer.remaining()).isEqualTo(37);
      assertThat(answer.getInt()).isZero();
      assertThat(answer.getInt()).isEqualTo(10_000);
      assertThat(answer.getLong()).isNotZero();
      assertThat(answer.getInt()).isEqualTo(16);
      assertThat(answer.get(36)).isZero();
    }
  }

  @Test
  void handshake_ofOldClients_isAnsweredWithoutTheLastByte() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      assertThat(client.send(OLD_CONNECT).message()).hasSize(36);
    }
  }

  @Test
  void timeout_isAtLeastTwoTicks_andAtMostTwenty() throws IOException {
    try (Side side = start();
        RawClient shorter = new RawClient(side.port());
        RawClient longer = new RawClient(side.port())) {
      shorter.send(CONNECT.replace("00002710", "00000001"));
      longer.send(CONNECT.replace("00002710", "7fffffff"));

      assertThat(ByteBuffer.wrap(shorter.message()).getInt(4)).isEqualTo(6_000);
      assertThat(ByteBuffer.wrap(longer.message()).getInt(4)).isEqualTo(60_000);
    }
  }

  @Test
  void sessionThatIsNone_isToldSo_andClosed() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT.replace("00002710 0000000000000000", "00002710 0000000000000777"));

      ByteBuffer answer = ByteBuffer.wrap(client.message());
      assertThat(answer.getInt(4)).isZero();
      assertThat(answer.getLong(8)).isZero();
      assertThat(client.untilClosed()).isEmpty();
    }
  }

  @Test
  void session_goesOnOnAnotherConnection_andTheFormerIsClosed() throws IOException {
    try (Side side = start();
        RawClient former = new RawClient(side.port());
        RawClient client = new RawClient(side.port())) {
      ByteBuffer held = ByteBuffer.wrap(former.send(CONNECT).message());
      String own =
          HexFormat.of().formatHex(held.array(), 8, 16)
              + "00000010"
              + HexFormat.of().formatHex(held.array(), 20, 36);

      client.send("0000002d 00000000 0000000000000000 00002710" + own + "00");

      ByteBuffer again = ByteBuffer.wrap(client.message());
      assertThat(again.getLong(8)).isEqualTo(held.getLong(8));
      assertThat(again.getInt(4)).isEqualTo(10_000);
      assertThat(former.untilClosed()).isEmpty();
      assertThat(client.send(PING).hex()).startsWith("fffffffe").endsWith("00000000");
    }
  }

  @Test
  void session_ofAWrongPassword_isNone() throws IOException {
    try (Side side = start();
        RawClient former = new RawClient(side.port());
        RawClient client = new RawClient(side.port())) {
      ByteBuffer held = ByteBuffer.wrap(former.send(CONNECT).message());
      String number = HexFormat.of().formatHex(held.array(), 8, 16);

      client.send(
          "0000002d 00000000 0000000000000000 00002710"
              + number
              + "00000010 00000000000000000000000000000001 00");

      assertThat(ByteBuffer.wrap(client.message()).getInt(4)).isZero();
    }
  }

  @Test
  void client_thatHasSeenMore_isClosed() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(
          CONNECT.replace(
              "00000000 0000000000000000 00002710", "00000000 0fffffffffffffff 00002710"));

      assertThat(client.untilClosed()).isEmpty();
    }
  }

  @Test
  void requests_thatComeTogether_areAnsweredInOrder() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();
      // create /a, and get it
      client.send(
          "00000032 00000001 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005"
              + " 776f726c64 00000006 616e796f6e65 000000000000000f 00000002 00000004 00000002 2f61"
              + " 00");

      assertThat(client.hex()).startsWith("00000001").endsWith("00000000000000022f61");
      assertThat(client.hex()).startsWith("00000002").contains("0000000178");
    }
  }

  @Test
  void requestThatThereIsNot_isSaidSo_andClosed() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();

      assertThat(client.send("00000008 00000003 000003e7").hex())
          .startsWith("00000003")
          .endsWith("fffffffa");
      assertThat(client.untilClosed()).isEmpty();
    }
  }

  /** Of watches: a mode and kinds that there are not, and a path that no node has. */
  @Test
  void watches_ofNoKind_cannotBeRead() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();

      String add = "00000012 00000001 0000006a 00000002 2f61 ";
      assertThat(client.send(add + "00000002").hex()).endsWith("fffffffb");
      assertThat(client.send(add + "ffffffff").hex()).endsWith("fffffffb");
      String remove = "00000012 00000001 00000012 00000002 2f61 ";
      assertThat(client.send(remove + "00000000").hex()).endsWith("fffffffb");
      assertThat(client.send(remove + "00000004").hex()).endsWith("fffffffb");
      String check = "00000012 00000001 00000011 00000002 2f61 ";
      assertThat(client.send(check + "00000009").hex()).endsWith("fffffffb");
      assertThat(client.send("00000013 00000001 0000006a 00000003 2f612f 00000001").hex())
          .endsWith("0000000000000000");
    }
  }

  @Test
  void pathsThatNoNodeHas_areOfNone() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();

      // data, children, and whether it is there, of /a and a character 0
      assertThat(client.send("00000010 00000001 00000004 00000003 2f6100 00").hex())
          .endsWith("ffffff9b");
      assertThat(client.send("00000010 00000001 0000000c 00000003 2f6100 00").hex())
          .endsWith("ffffff9b");
      assertThat(client.send("00000010 00000001 00000003 00000003 2f6100 00").hex())
          .endsWith("fffffff8");
    }
  }

  private static final String WORLD = "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65";
  private static final String END = "ffffffff 01 ffffffff";

  /** A node without data, made among several, of which it is the only one. */
  private static String several(String op, String letter, String flags) {
    return "00000043 00000001 0000000e"
        + op
        + "00 ffffffff 00000002 2f"
        + letter
        + "ffffffff"
        + WORLD
        + flags
        + END;
  }

  @Test
  void several_thatMakeNodes_areAnsweredByTheirKind() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();

      String made = client.send(several("0000000f", "63", "00000000")).hex();
      assertThat(made.substring(24))
          .startsWith("00000000" + "0000000f0000000000" + "000000022f63")
          .endsWith("ffffffff01ffffffff");
      String again = client.send(several("0000000f", "63", "00000000")).hex();
      assertThat(again.substring(24)).startsWith("00000000" + "ffffffff00ffffff92");
      String container = client.send(several("00000001", "64", "00000004")).hex();
      assertThat(container.substring(24)).startsWith("00000000" + "0000000f0000000000");
      String none = client.send(several("00000001", "65", "00000009")).hex();
      assertThat(none).endsWith("fffffffb").hasSize(32);
    }
  }

  @Test
  void frame_ofNegativeLength_closes() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      assertThat(client.send("ffffffff").untilClosed()).isEmpty();
    }
  }

  @Test
  void words_areAnswered_whereTheyAreAllowed() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port());
        RawClient other = new RawClient(side.port());
        RawClient server = new RawClient(side.port())) {
      assertThat(client.sendText("ruok").untilClosed()).isEqualTo("imok");
      assertThat(other.sendText("mntr").untilClosed())
          .isEqualTo("mntr is not executed because it is not in the whitelist.\n");
      assertThat(server.sendText("srvr").untilClosed())
          .startsWith("Zookeeper version: 3.8")
          .contains("Mode: standalone");
    }
  }

  @Test
  void event_comesBeforeTheAnswerThatShowsTheChange() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();
      // wait for /a, and create it
      client.send("0000000f 00000001 00000003 00000002 2f61 01");
      client.send(
          "00000032 00000002 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005"
              + " 776f726c64 00000006 616e796f6e65 00000000");

      assertThat(client.hex()).startsWith("00000001").endsWith("ffffff9b");
      assertThat(client.hex())
          .isEqualTo("ffffffffffffffffffffffff00000000" + "0000000100000003000000022f61");
      assertThat(client.hex()).startsWith("00000002");
    }
  }

  @Test
  void formerWatches_tellOfWhatHasChangedSince_andGoOn() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      client.send(CONNECT).message();
      client.send(CREATE_A).message();
      // what was seen up to zxid 0 of /a, which is there now, and of /b, which is not yet
      client.send(
          "00000028 fffffff8 00000065 0000000000000000"
              + " 00000001 00000002 2f61 00000001 00000002 2f62 00000000");

      assertThat(client.hex())
          .isEqualTo("ffffffffffffffffffffffff00000000" + "0000000300000003000000022f61");
      assertThat(client.hex()).startsWith("fffffff8").endsWith("00000000");
      client.send(CREATE_A.replace("2f61", "2f62"));
      assertThat(client.hex())
          .isEqualTo("ffffffffffffffffffffffff00000000" + "0000000100000003000000022f62");
    }
  }
}
