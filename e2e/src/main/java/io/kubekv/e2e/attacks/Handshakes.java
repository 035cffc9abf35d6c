package io.kubekv.e2e.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** TLS handshakes that fail in each way that a client can make them fail. */
final class Handshakes implements Assault {
  /** The record and the beginning of a message, the rest of which never comes. */
  private static final byte[] HALF_HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

  private static final byte[] PLAIN =
      "GET /v2/keys/ HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII);

  @Override
  public String name() {
    return "handshakes";
  }

  @Override
  public String about() {
    return "TLS handshakes that fail, at every port";
  }

  @Override
  public Kind kind() {
    return Kind.SECURED;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    for (InetSocketAddress door : List.of(target.grpc(), target.etcd(), target.consul())) {
      Workers.all(4, target.count(200, 4_000), number -> fail(door, number));
    }
  }

  private static void fail(InetSocketAddress door, int number) throws IOException {
    try (Socket socket = Wire.socket(door, Target.source(number % 4))) {
      socket.setSoTimeout(2_000);
      switch (number % 5) {
        case 0 -> say(socket, Wire.garbage(200));
        case 1 -> say(socket, PLAIN);
        case 2 -> socket.getOutputStream().write(HALF_HELLO);
        case 3 -> distrust(socket, door);
        default -> {} // closed as soon as it was open
      }
    }
  }

  private static void say(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getInputStream().read();
  }

  /** Does not trust the server's authority, and tells it so. */
  private static void distrust(Socket socket, InetSocketAddress door) throws IOException {
    try {
      SSLSocket secured =
          (SSLSocket)
              SSLContext.getDefault()
                  .getSocketFactory()
                  .createSocket(socket, "127.0.0.1", door.getPort(), true);
      secured.startHandshake();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }
}
