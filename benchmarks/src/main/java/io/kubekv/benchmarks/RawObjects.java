package io.kubekv.benchmarks;

import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The custom resources that kubekv would write, written to the API server by the clients
 * themselves: each PUT names the revision that the last answer gave. One watch of them all is open,
 * as kubekv's is. Each client has objects of its own, so that none is refused.
 */
final class RawObjects implements SideBySide.Contestant, AutoCloseable {
  private static final String VALUE = "0123456789".repeat(20);
  private static final String REVISION = "\"resourceVersion\":\"";

  private final ClusterStore.Access access;
  private final String path;
  private final Map<String, String> headers;
  private final String[] revisions;
  private final HttpConnection watch;

  private RawObjects(ClusterStore store, ClusterStore.Access access, int count) throws IOException {
    this.access = access;
    this.path = "/apis/kubekv.io/v1/namespaces/" + store.namespace() + "/keyvalues";
    this.headers =
        Map.of("Authorization", "Bearer " + access.token(), "Content-Type", "application/json");
    this.revisions = new String[count];
    this.watch = HttpConnection.open(access.server(), access.trust());
  }

  /** Makes the objects and opens the watch. */
  static RawObjects create(ClusterStore store, int count) throws IOException {
    RawObjects raw = new RawObjects(store, store.access(), count);
    try (HttpConnection connection = HttpConnection.open(raw.access.server(), raw.access.trust())) {
      for (int object = 0; object < count; object++) {
        raw.revisions[object] = revision(connection.exchange(raw.creation(object)), 201);
      }
    }
    raw.openWatch();
    return raw;
  }

  private void openWatch() throws IOException {
    watch.send(HttpConnection.request("GET", path + "?watch=true", access.server(), headers, ""));
    HttpAnswer head = watch.readHead();
    if (head.status() != 200) {
      throw new IOException("the watch was answered " + head.status());
    }
    watch.readTimeout(Duration.ZERO);
    Thread.ofPlatform().daemon().name("raw-watch").start(this::drain);
  }

  /** Ends when the connection is closed. */
  private void drain() {
    try {
      watch.discardBody();
    } catch (IOException closed) {
      // as meant
    }
  }

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    return ClosedLoop.run(
        clients,
        () -> HttpConnection.open(access.server(), access.trust()),
        client -> new Writer(client, clients, end));
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }

  /** One client's writes: of every so manieth object, chosen at random. */
  private final class Writer implements ClosedLoop.Source {
    private final int client;
    private final int clients;
    private final long end;
    private final SplittableRandom random;
    private int object;
    private int version = 1;

    Writer(int client, int clients, long end) {
      this.client = client;
      this.clients = clients;
      this.end = end;
      this.random = new SplittableRandom(client);
    }

    @Override
    public Optional<byte[]> next() {
      if (System.nanoTime() >= end) {
        return Optional.empty();
      }
      object = client + clients * random.nextInt((revisions.length - client - 1) / clients + 1);
      return Optional.of(replacement(object, ++version));
    }

    @Override
    public void answered(HttpAnswer answer) throws IOException {
      revisions[object] = revision(answer, 200);
    }
  }

  private static String revision(HttpAnswer answer, int expected) throws IOException {
    int at = answer.body().indexOf(REVISION) + REVISION.length();
    if (answer.status() != expected || at < REVISION.length()) {
      throw new IOException("answered " + answer.status() + ": " + answer.body().strip());
    }
    return answer.body().substring(at, answer.body().indexOf('"', at));
  }

  private byte[] creation(int object) {
    return HttpConnection.request("POST", path, access.server(), headers, body(object, "", 1));
  }

  private byte[] replacement(int object, int version) {
    String metadata = ",\"resourceVersion\":\"" + revisions[object] + "\",\"managedFields\":[{}]";
    return HttpConnection.request(
        "PUT",
        path + "/" + objectName(object),
        access.server(),
        headers,
        body(object, metadata, version));
  }

  /** What shows a key of the same name, without what kubekv says of itself in it. */
  private static String body(int object, String metadata, int version) {
    return """
    {"apiVersion":"kubekv.io/v1","kind":"KeyValue","metadata":{"name":"%s"%s},\
    "spec":{"type":"Value","key":"benchmark/d0/k%d","value":"%s","version":%d,\
    "createRevision":"1000"}}\
    """
        .formatted(objectName(object), metadata, object, VALUE, version);
  }

  private static String objectName(int object) {
    return "k" + "%052d".formatted(object);
  }
}
