package io.kubekv.e2e.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * Connections that end before they have said anything, or anything whole, as health checks by TCP
 * do.
 */
final class EarlyCloses implements Assault {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  @Override
  public String name() {
    return "early-closes";
  }

  @Override
  public String about() {
    return "connections to every port that close early";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    for (InetSocketAddress door : target.doors()) {
      int count =
          door.equals(target.grpc()) ? target.count(2_000, 12_000) : target.count(300, 3_000);
      Workers.all(8, count, number -> close(door, number));
    }
  }

  private static void close(InetSocketAddress door, int number) throws IOException {
    try (Socket socket = Wire.socket(door, Target.source(number % 4))) {
      switch (number % 4) {
        case 0 -> socket.setSoLinger(true, 0); // a reset
        case 1 -> socket.getOutputStream().write(PREFACE);
        case 2 -> socket.getOutputStream().write(Wire.garbage(64));
        default -> {} // closed as soon as it was open
      }
    }
  }
}
