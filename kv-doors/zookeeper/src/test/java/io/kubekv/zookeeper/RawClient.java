package io.kubekv.zookeeper;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A client that writes bytes and reads bytes. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE = 5_000;
  private static final int RECEIVED = 64 << 10;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  RawClient(int port) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(RECEIVED); // what the system takes for a client that does not read
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Sends bytes, in hexadecimal, with spaces where they help. */
  RawClient send(String hex) throws IOException {
    out.write(HexFormat.of().parseHex(hex.replace(" ", "")));
    return this;
  }

  RawClient sendText(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /**
   * Whether a server cuts the connection, be it before it has all these bytes, and answers none.
   */
  boolean isCutBy(String hex) {
    try {
      return send(hex).in.read() < 0;
    } catch (SocketTimeoutException waits) {
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  /** Sends as many bytes as there are, one at a time. */
  RawClient sendSlowly(String hex) throws IOException {
    for (byte each : HexFormat.of().parseHex(hex.replace(" ", ""))) {
      out.write(each);
      out.flush();
    }
    return this;
  }

  /** Says that nothing comes any more. */
  RawClient stop() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The next message, without its length. */
  byte[] message() throws IOException {
    byte[] message = new byte[in.readInt()];
    in.readFully(message);
    return message;
  }

  String hex() throws IOException {
    return HexFormat.of().formatHex(message());
  }

  /** All that comes until the server closes. */
  String untilClosed() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    in.transferTo(all);
    return all.toString(StandardCharsets.US_ASCII);
  }

  /** How many bytes come until there are no more, however that ends. */
  long rest() {
    byte[] some = new byte[1 << 16];
    long all = 0;
    try {
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        all += read;
      }
    } catch (IOException cut) {
      // it ends so as well
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
