package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.page.cost.Looks;
import io.kubekv.page.cost.Serving;
import io.kubekv.transport.door.View;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.watch.WatchHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page on a port of its own, over a store of the test's. */
final class PageUnderTest implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([0-9a-f]+)\"");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final KeyValueStore store;
  private final Streams streams = new Streams();
  private final WatchHub hub;
  private final PageDialect page;
  private final HttpListener listener;

  PageUnderTest(KeyValueStore store, boolean writes) {
    this.store = store;
    hub = WatchHub.open(store, Thread.ofVirtual().factory());
    List<PageDoor.Figures> figures =
        List.of(
            new PageDoor.Figures(
                "Replicas", List.of(new PageDoor.Figure("kv-0", "holder", "<here>"))));
    page =
        new PageDialect(
            new View(store, hub),
            key -> true,
            new PageSettings(
                writes, () -> figures, PageUnderTest::serving, new Looks(), threads, streams));
    try {
      listener =
          HttpListener.startApart(
              "127.0.0.1",
              0,
              HttpLimits.DEFAULT,
              page,
              threads,
              new Budgets(ClientLimits.DEFAULT, Integer.MAX_VALUE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Serving serving() {
    OptionalLong none = OptionalLong.empty();
    return new Serving(
        Serving.Place.CLUSTER,
        7,
        3,
        2,
        Duration.ofSeconds(6),
        64 << 20,
        new Serving.Counts(0, 0, 0, OptionalDouble.empty()),
        new Serving.Held(none, none, none, none, none, none));
  }

  void put(String key, String value) {
    put(key, Bytes.utf8(value));
  }

  void put(String key, Bytes value) {
    Await.change(store.put(PutRequest.of(Key.of(key), value)));
  }

  Streams streams() {
    return streams;
  }

  String origin() {
    return "http://127.0.0.1:" + listener.port();
  }

  HttpClient client() {
    return client;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(origin() + path));
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What the forms of a screen show that they are from here. */
  static String token(HttpResponse<String> screen) {
    Matcher token = TOKEN.matcher(screen.body());
    if (!token.find()) {
      throw new AssertionError("no form in " + screen.body());
    }
    return token.group(1);
  }

  HttpRequest form(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Origin", origin())
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static final String BOUNDARY = "----kubekvFormBoundary";

  /** A form with a file as a browser sends it. */
  HttpRequest upload(String path, Map<String, String> fields, Optional<byte[]> file) {
    return multipart(path, multipart(fields, file));
  }

  HttpRequest multipart(String path, byte[] body) {
    return request(path)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .header("Origin", origin())
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  static byte[] multipart(Map<String, String> fields, Optional<byte[]> file) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    fields.forEach(
        (name, value) ->
            part(body, "name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8)));
    file.ifPresent(
        bytes ->
            part(
                body,
                "name=\"file\"; filename=\"export.jsonl\"\r\n"
                    + "Content-Type: application/octet-stream",
                bytes));
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private static void part(ByteArrayOutputStream body, String what, byte[] content) {
    String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + what + "\r\n\r\n";
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    client.close();
    page.close();
    listener.close();
    hub.close();
    threads.close();
  }
}
