package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Streams of etcd's API and watches of gRPC's that nobody reads, and large values for all of them.
 */
final class UnreadStreams implements Assault {
  private static final String KEY = "attack/stream";
  private static final int BYTES = 500_000;
  private static final int PUTS = 6;

  /**
   * What a connection may cost the system here: 128 KiB, counted with what is around them, and more
   * in its client.
   */
  private static final long SOCKET = 512 << 10;

  /** Connections that are not streams. */
  private static final int OTHERS = 30;

  private static final String STREAM = "/v2/keys/attack?wait=true&stream=true&recursive=true";

  @Override
  public String name() {
    return "unread-streams";
  }

  @Override
  public String about() {
    return "streams and watches on many connections that are not read, and six values of 500 KB";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public long stores() {
    return 4L * PUTS * BYTES;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    byte[] request = HttpConnection.request("GET", STREAM, target.etcd(), Map.of(), "");
    List<Socket> streams = new CopyOnWriteArrayList<>();
    Workers.all(
        16,
        target.count(400, 3_000),
        number -> {
          Socket stream = Wire.socket(target.etcd(), Target.source(number % 4));
          streams.add(stream);
          stream.getOutputStream().write(request);
        });
    ManagedChannel channel = Wire.channel(target, Target.source(5));
    Kv.Range all = Kv.Range.newBuilder().setTree("attack").build();
    Kv.WatchRequest watch = Kv.WatchRequest.newBuilder().setRange(all).build();
    for (int i = 0; i < target.count(100, 1_000); i++) {
      Wire.unread(channel, KeyValueGrpc.getWatchMethod(), watch);
    }
    int failed =
        Workers.all(
            2,
            PUTS,
            number -> Seed.put(target.etcd(), 300 + number, KEY, Seed.value(number, BYTES)));
    Waiting.pause(Duration.ofSeconds(target.count(4, 20)));
    findings.accept(
        Finding.told("streams, and puts without an answer", "%d, %d", streams.size(), failed));
    findings.accept(
        Finding.atMost(
            "the system's memory for connections",
            kernelMemory() / (double) (1 << 20),
            (streams.size() + OTHERS) * SOCKET / (double) (1 << 20),
            "MiB"));
    channel.shutdownNow();
    for (Socket stream : streams) {
      stream.close();
    }
  }

  /** Bytes that the kernel has for all TCP connections: pages, the last number of its line. */
  private static long kernelMemory() throws IOException {
    String tcp =
        Files.readAllLines(Path.of("/proc/net/sockstat")).stream()
            .filter(line -> line.startsWith("TCP:"))
            .findAny()
            .orElseThrow();
    return 4096 * Long.parseLong(tcp.substring(tcp.lastIndexOf(' ') + 1));
  }
}
