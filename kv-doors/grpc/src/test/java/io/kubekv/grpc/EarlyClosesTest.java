package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InternalChannelz;
import io.grpc.InternalInstrumented;
import io.kubekv.contract.TestCertificates;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.TlsFiles;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that end before a call can be made on them: a port check is enough. */
class EarlyClosesTest {
  private static final int MANY = 300;

  @TempDir Path folder;

  /** What gRPC writes, at a level that is shown. */
  private static final class Lines extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final AtomicInteger count = new AtomicInteger();

    Lines() {
      root.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
      if (line.getLoggerName() != null && line.getLoggerName().startsWith("io.grpc")) {
        count.incrementAndGet();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      root.removeHandler(this);
    }
  }

  /** Transports that gRPC has not forgotten. */
  private static int transports(OpenGrpcDoor door) {
    return InternalChannelz.instance().getServers(0, 1000).servers.stream()
        .filter(server -> listensAt(server, door.port()))
        .mapToInt(EarlyClosesTest::transports)
        .sum();
  }

  private static boolean listensAt(
      InternalInstrumented<InternalChannelz.ServerStats> server, int port) {
    return told(server).listenSockets.stream()
        .map(socket -> String.valueOf(told(socket).local))
        .anyMatch(address -> address.endsWith(":" + port));
  }

  private static <T> T told(InternalInstrumented<T> asked) {
    try {
      return asked.getStats().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException silent) {
      throw new AssertionError(silent);
    }
  }

  private static int transports(InternalInstrumented<InternalChannelz.ServerStats> server) {
    return Objects.requireNonNull(
            InternalChannelz.instance().getServerSockets(server.getLogId().getId(), 0, 10 * MANY))
        .sockets
        .size();
  }

  private static void closeEarly(int port, String first) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(first.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static void requireForgotten(DoorUnderTest door, String first) throws IOException {
    try (Lines lines = new Lines()) {
      for (int i = 0; i < MANY; i++) {
        closeEarly(door.door().port(), first);
      }

      Awaitility.await()
          .atMost(DoorUnderTest.PATIENCE)
          .untilAsserted(() -> assertThat(door.door().failedHandshakes()).isEqualTo(MANY));
      Awaitility.await()
          .atMost(DoorUnderTest.PATIENCE)
          .untilAsserted(() -> assertThat(transports(door.door())).isZero());
      assertThat(lines.count).as("lines of gRPC").hasValue(0);
      Awaitility.await()
          .atMost(DoorUnderTest.PATIENCE)
          .untilAsserted(() -> assertThat(door.door().connections()).isZero());
    }
  }

  @Test
  void connectionsThatEndAtOnce_areForgotten_andOthersServed() throws IOException {
    try (DoorUnderTest door = new DoorUnderTest()) {
      requireForgotten(door, "");

      assertThat(
              KeyValueGrpc.newBlockingStub(door.channel())
                  .get(Kv.GetRequest.newBuilder().setKey("a").build())
                  .hasEntry())
          .isFalse();
      assertThat(transports(door.door())).isEqualTo(1);
    }
  }

  @Test
  void anotherProtocol_isForgotten() throws IOException {
    try (DoorUnderTest door = new DoorUnderTest()) {
      requireForgotten(door, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
  }

  @Test
  void failedHandshakes_areForgotten() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "server", "ip:127.0.0.1");
    TlsFiles files =
        new TlsFiles(own.certificate(), own.key(), Optional.empty(), false, Optional.empty());
    try (Certificates tls = Certificates.open(files);
        DoorUnderTest door =
            new DoorUnderTest(
                EngineStore.inMemory(), GrpcSettings.DEFAULT.withTls(Optional.of(tls)))) {
      requireForgotten(door, "");
    }
    try (Certificates tls = Certificates.open(files);
        DoorUnderTest door =
            new DoorUnderTest(
                EngineStore.inMemory(), GrpcSettings.DEFAULT.withTls(Optional.of(tls)))) {
      requireForgotten(door, "no TLS at all, and long enough to be seen as such");
    }
  }
}
