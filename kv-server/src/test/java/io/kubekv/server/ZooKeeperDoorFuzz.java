package io.kubekv.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Bytes to the ZooKeeper door, through a socket. The first byte says how: as all that ever comes,
 * as what follows a handshake, or as one message in a session, whose length is then right. Whatever
 * it is, the door answers or closes, goes on with its next client, and was not taken by surprise.
 */
public final class ZooKeeperDoorFuzz {
  private static final int PATIENCE = 10_000;
  private static final int MODES = 3;
  private static final int PING_XID = -2;
  private static final byte[] CONNECT =
      HexFormat.of()
          .parseHex(
              "0000002d00000000000000000000000000002710000000000000000000000010"
                  + "0000000000000000000000000000000000");
  private static final byte[] PING = HexFormat.of().parseHex("00000008fffffffe0000000b");
  private static final DoorsUnderTest RIG =
      new DoorsUnderTest(EngineStore.inMemory(), Optional.empty());
  private static final OpenDoor DOOR = open();

  /** What no part of the door expected is logged before its connection is closed. */
  private static final ListAppender<ILoggingEvent> FAILURES = failures();

  private ZooKeeperDoorFuzz() {}

  private static ListAppender<ILoggingEvent> failures() {
    ListAppender<ILoggingEvent> failures = new ListAppender<>();
    failures.start();
    Logger door = (Logger) LoggerFactory.getLogger("io.kubekv.zookeeper");
    door.setLevel(Level.ERROR);
    door.addAppender(failures);
    return failures;
  }

  private static OpenDoor open() {
    try {
      return new ZooKeeperDoor(new ListenAddress("127.0.0.1", 0), ZooKeeperDoor.Settings.DEFAULT)
          .open(RIG.context());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request each of most kinds, after the byte that says that it is a message. */
  public static List<byte[]> seeds() {
    String path = "00000002" + "2f61";
    String acl = "000000010000001f00000005776f726c6400000006616e796f6e65";
    return Stream.of(
            "00" + "0000002d00000000000000000000000000002710",
            "00" + "73727672",
            "01" + "00000008fffffffe0000000b" + "0000000800000001000003e7",
            "02" + "0000000100000001" + path + "0000000178" + acl + "00000000", // create
            "02" + "000000010000000f" + path + "0000000178" + acl + "00000003", // create2
            "02" + "0000000100000015" + path + "0000000178" + acl + "000000050000000000001000",
            "02" + "0000000100000002" + path + "ffffffff", // delete
            "02" + "0000000100000003" + path + "01", // exists
            "02" + "0000000100000004" + path + "01", // getData
            "02" + "0000000100000005" + path + "0000000179ffffffff", // setData
            "02" + "0000000100000006" + path, // getACL
            "02" + "0000000100000007" + path + acl + "ffffffff", // setACL
            "02" + "000000010000000c" + path + "01", // getChildren2
            "02"
                + "000000010000000e" // multi: check, delete
                + "0000000d00ffffffff"
                + path
                + "00000000"
                + "0000000200ffffffff"
                + path
                + "ffffffff"
                + "ffffffff01ffffffff",
            "02" + "0000000100000016" + "0000000400ffffffff" + path + "00" + "ffffffff01ffffffff",
            "02" + "fffffffc00000064" + "00000000" + "00000006646967657374" + "00000003613a62",
            "02" + "fffffff800000065" + "0000000000000000" + "00000001" + path + "0000000000000000",
            "02" + "000000010000006a" + path + "00000001", // addWatch
            "02" + "0000000100000067" + path, // getEphemerals
            "02" + "00000001fffffff5") // closeSession
        .map(HexFormat.of()::parseHex)
        .toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), DOOR.port())) {
      socket.setSoTimeout(PATIENCE);
      switch (Math.floorMod(input[0], MODES)) {
        case 0 -> raw(socket, bytes);
        case 1 -> {
          handshake(socket);
          raw(socket, bytes);
        }
        default -> message(socket, bytes);
      }
    } catch (SocketException | EOFException cut) {
      // as a server may that is told nonsense
    } catch (IOException e) {
      throw new UncheckedIOException("after " + HexFormat.of().formatHex(input), e);
    }
    if (!FAILURES.list.isEmpty()) {
      String surprise = FAILURES.list.get(0).getFormattedMessage();
      FAILURES.list.clear();
      throw new IllegalStateException(surprise + ": " + HexFormat.of().formatHex(input));
    }
    requireAlive();
  }

  /** Bytes, and then nothing any more: the door must not wait for the rest. */
  private static void raw(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.shutdownOutput();
    socket.getInputStream().readAllBytes();
  }

  private static void handshake(Socket socket) throws IOException {
    socket.getOutputStream().write(CONNECT);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readNBytes(in.readInt());
  }

  /** One message, and a ping that is answered after it, unless the door closes. */
  private static void message(Socket socket, byte[] bytes) throws IOException {
    handshake(socket);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(bytes.length);
    out.write(bytes);
    out.write(PING);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] answer;
    do {
      answer = in.readNBytes(in.readInt());
    } while (xid(answer) != PING_XID);
  }

  private static int xid(byte[] answer) throws IOException {
    return new DataInputStream(new ByteArrayInputStream(answer)).readInt();
  }

  private static void requireAlive() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), DOOR.port())) {
      socket.setSoTimeout(PATIENCE);
      handshake(socket);
    } catch (IOException dead) {
      throw new UncheckedIOException("the door is dead", dead);
    }
  }
}
