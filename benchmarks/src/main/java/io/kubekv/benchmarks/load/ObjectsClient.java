package io.kubekv.benchmarks.load;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Kubernetes API for custom resources as kubekv keeps them, with nothing between. A put
 * names the revision that was last seen of the object, by whichever client; when that is refused it
 * reads and tries again. Each put has a write id and a version of its own, as kubekv's have: the
 * API drops an object that is as it was, without a word.
 */
public final class ObjectsClient implements Client {
  private static final String REVISION = "\"resourceVersion\":\"";

  private final Api api;
  private final HttpConnection connection;

  private ObjectsClient(Api api) throws IOException {
    this.api = api;
    this.connection =
        api.trust() == null
            ? HttpConnection.open(api.server())
            : HttpConnection.open(api.server(), api.trust());
    connection.readTimeout(Duration.ofSeconds(60));
  }

  /**
   * The API, and what its clients know together.
   *
   * @param trust of the server's certificate; null for plain text
   * @param token a secret
   * @param revisions of the objects, as last seen
   * @param writes begun by all clients
   */
  public record Api(
      InetSocketAddress server,
      @Nullable SSLContext trust,
      String token,
      String namespace,
      Map<String, String> revisions,
      AtomicLong writes) {
    public Api(
        InetSocketAddress server, @Nullable SSLContext trust, String token, String namespace) {
      this(server, trust, token, namespace, new ConcurrentHashMap<>(), new AtomicLong());
    }

    public Client open() throws IOException {
      return new ObjectsClient(this);
    }

    private String objects() {
      return "/apis/kubekv.io/v1/namespaces/" + namespace + "/keyvalues";
    }
  }

  @Override
  public void perform(Operation operation) throws IOException {
    switch (operation) {
      case Operation.Get get -> require(exchange("GET", "/" + name(get.key()), ""), 200);
      case Operation.Put put -> put(put);
      case Operation.ListBelow list ->
          require(exchange("GET", "?labelSelector=directory%3D" + name(list.directory()), ""), 200);
      case Operation.Increment increment ->
          throw new UnsupportedOperationException("no increments of objects");
    }
  }

  /** Of a list of nothing: that is the API's latest. */
  @Override
  public long revision() throws IOException {
    String none = "?limit=1&labelSelector=directory%3Dnone";
    return Long.parseLong(revision(require(exchange("GET", none, ""), 200)));
  }

  @Override
  public long modified(String key) throws IOException {
    return Long.parseLong(revision(require(exchange("GET", "/" + name(key), ""), 200)));
  }

  private void put(Operation.Put put) throws IOException {
    String name = name(put.key());
    long write = api.writes().incrementAndGet();
    HttpAnswer answer;
    do {
      String seen = api.revisions().get(name);
      answer =
          seen == null
              ? exchange("POST", "", body(put, name, "", write))
              : exchange("PUT", "/" + name, body(put, name, seen, write));
      if (answer.status() == 409) {
        api.revisions().put(name, revision(require(exchange("GET", "/" + name, ""), 200)));
      }
    } while (answer.status() == 409);
    api.revisions().put(name, revision(require(answer, answer.status() == 201 ? 201 : 200)));
  }

  private HttpAnswer exchange(String method, String target, String body) throws IOException {
    Map<String, String> headers =
        Map.of("Authorization", "Bearer " + api.token(), "Content-Type", "application/json");
    return connection.exchange(
        HttpConnection.request(method, api.objects() + target, api.server(), headers, body));
  }

  private static HttpAnswer require(HttpAnswer answer, int status) throws IOException {
    if (answer.status() != status) {
      throw new IOException("the API answered " + answer.status() + ": " + answer.body().strip());
    }
    return answer;
  }

  private static String revision(HttpAnswer answer) throws IOException {
    int at = answer.body().indexOf(REVISION) + REVISION.length();
    if (at < REVISION.length()) {
      throw new IOException("no resourceVersion in " + answer.body());
    }
    return answer.body().substring(at, answer.body().indexOf('"', at));
  }

  /** As long as the name that kubekv gives, and as good a label. */
  private static String name(String key) {
    String plain = key.replace('/', '-');
    return "k" + "0".repeat(Math.max(0, 52 - plain.length())) + plain;
  }

  private static String body(Operation.Put put, String name, String seen, long write) {
    String directory = put.key().substring(0, put.key().lastIndexOf('/'));
    String current =
        seen.isEmpty() ? "" : ",\"resourceVersion\":\"" + seen + "\",\"managedFields\":[{}]";
    return """
    {"apiVersion":"kubekv.io/v1","kind":"KeyValue",\
    "metadata":{"name":"%s","labels":{"directory":"%s"}%s},\
    "spec":{"type":"Value","key":"%s","value":"%s","version":%d,\
    "createRevision":"1000"}}\
    """
        .formatted(name, name(directory), current, put.key(), put.value(), write);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
