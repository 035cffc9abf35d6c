package io.kubekv.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A read through a door, from socket to socket, of a store that answers at once. The client makes
 * no objects, so what is allocated is the door's; its own processor time is told apart by {@link
 * ProcessorTime}.
 */
@State(Scope.Benchmark)
public class DoorBenchmark {
  private static final int ANSWER_BYTES = 4096;
  private static final String KEY = "docker/network/v1.0/endpoint/17";

  /** Which. */
  @Param({"etcd-v2", "consul"})
  public String door = "";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final byte[] answer = new byte[ANSWER_BYTES];
  private byte[] request = {};
  private Socket client = new Socket();

  @Setup
  public void start() throws IOException {
    KeyValueStore store = opened(EngineStore.inMemory());
    Await.change(store.put(PutRequest.of(new Key(KEY), Bytes.utf8("x".repeat(100)))));
    ExecutorService threads = opened(Executors.newVirtualThreadPerTaskExecutor());
    WatchHub hub = opened(WatchHub.open(store, Thread.ofVirtual().factory()));
    HttpHandler handler =
        door.equals("consul")
            ? opened(ConsulDoor.dialect(store, hub, threads))
            : EtcdV2Door.dialect(store, hub);
    HttpListener listener =
        opened(HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, handler, threads));
    String target =
        door.equals("consul")
            ? "/v1/kv/" + KEY + "?consistent"
            : "/v2/keys/" + KEY + "?quorum=true";
    request = ("GET " + target + " HTTP/1.1\r\nHost: store:2379\r\n\r\n").getBytes(US_ASCII);
    client = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), listener.port());
    client.setTcpNoDelay(true);
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** Reads a key; how long the answer is. */
  @Benchmark
  public int read(ProcessorTime time) throws IOException {
    OutputStream out = client.getOutputStream();
    InputStream in = client.getInputStream();
    out.write(request);
    int length = 0;
    int whole = Integer.MAX_VALUE;
    while (length < whole) {
      int read = in.read(answer, length, ANSWER_BYTES - length);
      if (read < 0) {
        throw new IOException("the door closed the connection");
      }
      length += read;
      whole = HttpLength.of(answer, length);
    }
    return length;
  }

  /** Ends everything that was started. */
  @TearDown(Level.Trial)
  public void stop() throws Exception {
    client.close();
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
