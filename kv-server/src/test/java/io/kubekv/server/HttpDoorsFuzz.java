package io.kubekv.server;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.golang.Escapes;
import io.kubekv.server.fuzz.Seeds;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.watch.WatchHub;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;

/**
 * Requests to both HTTP doors, through sockets: the first byte says which door, method and type of
 * body, a line says the target, the rest is the body. Whatever it is, a door answers it, and not
 * that it was taken by surprise.
 */
public final class HttpDoorsFuzz {
  private static final List<String> METHODS =
      List.of("GET", "PUT", "DELETE", "POST", "HEAD", "OPTIONS", "PATCH", "G\u00e9T");
  private static final List<String> TYPES =
      List.of(
          "application/x-www-form-urlencoded",
          "application/json",
          "multipart/form-data; boundary=x",
          "text/plain");
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final EngineStore STORE = EngineStore.inMemory();
  private static final WatchHub HUB = WatchHub.open(STORE, Thread.ofVirtual().factory());
  private static final List<HttpListener> DOORS =
      List.of(
          listen(EtcdV2Door.dialect(STORE, HUB)), listen(ConsulDoor.dialect(STORE, HUB, THREADS)));

  /**
   * What no door expected is logged before it is answered: a 500 alone may be Consul's own word.
   */
  private static final ListAppender<ILoggingEvent> FAILURES = failures();

  private HttpDoorsFuzz() {}

  private static ListAppender<ILoggingEvent> failures() {
    ListAppender<ILoggingEvent> failures = new ListAppender<>();
    failures.start();
    ((Logger) LoggerFactory.getLogger(HttpExchange.class)).addAppender(failures);
    return failures;
  }

  private static HttpListener listen(HttpHandler door) {
    try {
      return HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, door, THREADS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<byte[]> seeds() {
    return Seeds.of(
        "\u0002/v2/keys/a/b?prevExist=false&prevIndex=1&ttl=5\nvalue=hello&dir=false&refresh=true",
        "\u0000/v2/keys/a?recursive=true&sorted=true&quorum=true\n",
        "\u0004/v2/keys/a?dir=true&recursive=true&prevValue=x\n",
        "\u0006/v2/keys/q\nvalue=1",
        "\u0000/v2/members/8e9e05c52164694d\n",
        "\u0003/v1/kv/a/b?cas=1&flags=2\nbody",
        "\u0001/v1/kv/a?recurse&separator=/&keys&raw\n",
        "\u0005/v1/kv/a?recurse&cas=7\n",
        "\u0013/v1/session/create\n{\"TTL\":\"10s\",\"Behavior\":\"delete\"}",
        "\u0013/v1/txn\n[{\"KV\":{\"Verb\":\"set\",\"Key\":\"a\",\"Value\":\"aGVsbG8=\"}}]",
        "\u0001/v1/kv/a?cas=0;recurse&keys=%zz\n",
        "\u0001/v1/agent/self\n",
        "\u0000/v2/keys/%2e%2e/..//%00/%ff\n");
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int line = text.indexOf('\n');
    if (line < 1 || waits(text)) {
      return;
    }
    int first = text.charAt(0);
    HttpListener door = DOORS.get(first & 1);
    String target = text.substring(1, line).replace('\r', ' ');
    String body = text.substring(line + 1);
    String request =
        METHODS.get(first >> 1 & 7)
            + " "
            + target
            + " HTTP/1.1\r\nHost: h\r\nContent-Type: "
            + TYPES.get(first >> 4 & 3)
            + "\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body;
    try (RawHttp http = connect(door)) {
      check(http.send(request), request);
    } catch (SocketException | EOFException cut) {
      requireAlive(door, request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(RawHttp http, String request) throws IOException {
    RawHttp.Answer head = http.head();
    boolean surprised = !FAILURES.list.isEmpty();
    FAILURES.list.clear();
    if (head.status() < 200 || head.status() > 599 || surprised) {
      throw new IllegalStateException(head.status() + " is no answer to " + request);
    }
  }

  /** A watch or a blocking query is answered when something changes. */
  private static boolean waits(String text) {
    String shown;
    try {
      shown = new String(Escapes.decode(text, true), StandardCharsets.ISO_8859_1);
    } catch (Escapes.BadEscape partly) {
      shown = text + "index%";
    }
    String lower = shown.toLowerCase(Locale.ROOT);
    return lower.contains("wait") || lower.contains("index%") || lower.contains("index=");
  }

  private static void requireAlive(HttpListener door, String request) {
    try (RawHttp http = connect(door)) {
      http.request("GET", "/", "").head();
    } catch (IOException dead) {
      throw new IllegalStateException("the door is dead after " + request, dead);
    }
  }

  private static RawHttp connect(HttpListener door) throws IOException {
    return new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
  }
}
