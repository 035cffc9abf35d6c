package io.kubekv.benchmarks;

import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The custom resources that kubekv would write, written to the API server by the clients
 * themselves: each PUT names the revision that the last answer gave. One watch of them all is open,
 * as kubekv's is. Each client has objects of its own, so that none is refused.
 *
 * <p>No object is ever sent as it was: the API server drops such a write without a word. A write
 * that leaves the revision as it was fails the slice.
 */
final class RawObjects implements SideBySide.Contestant, AutoCloseable {
  private static final String VALUE = "0123456789".repeat(20);
  private static final String REVISION = "\"resourceVersion\":\"";

  private final Api api;
  private final String path;
  private final Map<String, String> headers;
  private final String[] revisions;

  /** Of each object the number in what was sent last: across slices, none is sent twice. */
  private final int[] versions;

  private final HttpConnection watch;

  /**
   * The API server, by address and by connections to it.
   *
   * @param token a secret
   */
  record Api(
      InetSocketAddress server, String token, String namespace, ClosedLoop.Connector connector) {}

  private RawObjects(Api api, int count) throws IOException {
    this.api = api;
    this.path = "/apis/kubekv.io/v1/namespaces/" + api.namespace() + "/keyvalues";
    this.headers =
        Map.of("Authorization", "Bearer " + api.token(), "Content-Type", "application/json");
    this.revisions = new String[count];
    this.versions = new int[count];
    Arrays.fill(versions, 1);
    this.watch = api.connector().open();
  }

  /** Makes the objects in a store's namespace and opens the watch. Blocks. */
  static RawObjects create(ClusterStore store, int count) throws IOException {
    ClusterStore.Access access = store.access();
    return create(
        new Api(
            access.server(),
            access.token(),
            store.namespace(),
            () -> HttpConnection.open(access.server(), access.trust())),
        count);
  }

  /** The same on an API server of any kind. */
  static RawObjects create(Api api, int count) throws IOException {
    RawObjects raw = new RawObjects(api, count);
    try (HttpConnection connection = api.connector().open()) {
      for (int object = 0; object < count; object++) {
        raw.revisions[object] = revision(connection.exchange(raw.creation(object)), 201);
      }
    }
    raw.openWatch();
    return raw;
  }

  private void openWatch() throws IOException {
    watch.send(HttpConnection.request("GET", path + "?watch=true", api.server(), headers, ""));
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
    return slice(clients, () -> System.nanoTime() < end);
  }

  /** Goes on for as long as it is told to; each client asks before each write. */
  ClosedLoop.Result slice(int clients, BooleanSupplier goesOn) throws IOException {
    return ClosedLoop.run(clients, api.connector(), client -> new Writer(client, clients, goesOn));
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }

  /** One client's writes: of every so manieth object, chosen at random. */
  private final class Writer implements ClosedLoop.Source {
    private final int client;
    private final int clients;
    private final BooleanSupplier goesOn;
    private final SplittableRandom random;
    private int object;

    Writer(int client, int clients, BooleanSupplier goesOn) {
      this.client = client;
      this.clients = clients;
      this.goesOn = goesOn;
      this.random = new SplittableRandom(client);
    }

    @Override
    public Optional<byte[]> next() {
      if (!goesOn.getAsBoolean()) {
        return Optional.empty();
      }
      object = client + clients * random.nextInt((revisions.length - client - 1) / clients + 1);
      return Optional.of(replacement(object, ++versions[object]));
    }

    @Override
    public void answered(HttpAnswer answer) throws IOException {
      String revision = revision(answer, 200);
      if (revision.equals(revisions[object])) {
        throw new IOException(
            "a write of %s was answered, and its revision is still %s: writes that change nothing"
                    .formatted(objectName(object), revision)
                + " are void");
      }
      revisions[object] = revision;
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
    return HttpConnection.request("POST", path, api.server(), headers, body(object, "", 1));
  }

  private byte[] replacement(int object, int version) {
    String metadata = ",\"resourceVersion\":\"" + revisions[object] + "\",\"managedFields\":[{}]";
    return HttpConnection.request(
        "PUT",
        path + "/" + objectName(object),
        api.server(),
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
