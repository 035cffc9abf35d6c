package io.kubekv.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.limits.OverLimitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the listener answers by itself, as Go's server of etcd and Consul does. */
final class HttpFormTest {
  private static final String CRLF = "\r\n";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpListener listener;
  private RawHttp http;

  private final class Asked implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) {
      asked.incrementAndGet();
      if (exchange.path().equals("/stream")) {
        ResponseStream stream = exchange.stream(200, List.of(), () -> {});
        stream.write(Payload.utf8("one,"));
        stream.end(Payload.utf8("two"));
        return;
      }
      byte[] body = exchange.body();
      String text = exchange.path() + " " + exchange.query() + " " + body.length;
      exchange.reply(200, List.of(new Header("X-Etcd-Index", "7")), Payload.utf8(text));
    }

    @Override
    public void bodyTooLarge(HttpExchange exchange, long limit) {
      exchange.replyAndClose(413, List.of(), Payload.EMPTY);
    }

    @Override
    public void overLimit(HttpExchange exchange, OverLimitException why) {
      exchange.reply(429, List.of(), Payload.EMPTY);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    listener = HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, new Asked(), threads);
    http = new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
  }

  @AfterEach
  void disconnect() throws IOException {
    http.close();
    listener.close();
    threads.close();
  }

  private Answer send(String request) throws IOException {
    return http.send(request.replace("|", CRLF)).answer();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "GET / HTTP/1.1||; 400; 400 Bad Request: missing required Host header",
        "GET http://h/ HTTP/1.1||; 400; 400 Bad Request: missing required Host header",
        "GET / HTTP/1.1|Host: a|Host: a||; 400; 400 Bad Request",
        "GET / HTTP/1.0|Host: a|Host: b||; 400; 400 Bad Request",
        "GET / HTTP/1.1|Host: a b||; 400; 400 Bad Request: malformed Host header",
        "GET / HTTP/1.1|Host: a/b@c||; 400; 400 Bad Request: malformed Host header",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||; 501; Unsupported transfer"
            + " encoding",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: gzip||; 501; Unsupported transfer encoding",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: identity||; 501; Unsupported transfer encoding",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||; 501;"
            + " Unsupported transfer encoding",
        "PUT / HTTP/1.1|Host: a|Expect: foo|Content-Length: 1||x; 417; ~~",
        "GET / HTTP/1.1|Host: a|Expect: foo||; 417; ~~",
        "PUT / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2||xy; 400; 400 Bad Request",
        "PUT / HTTP/1.1|Host: a|Content-Length: +1||x; 400; 400 Bad Request",
        "PUT / HTTP/1.1|Host: a|Content-Length: 1, 1||x; 400; 400 Bad Request",
        "PUT / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 1,1||x; 400; 400 Bad Request",
        "PUT / HTTP/1.0|Content-Length: 1|Content-Length: 2||xy; 400; 400 Bad Request",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked||zz|x|0||; 400; 400 Bad Request:"
            + " malformed chunked encoding",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked||1|xyz|0||; 400; 400 Bad Request:"
            + " malformed chunked encoding",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked||1|x|-1|; 400; 400 Bad Request:"
            + " malformed chunked encoding",
        "GET foo HTTP/1.1|Host: a||; 400; 400 Bad Request",
        "GET foo?x=http:// HTTP/1.1|Host: a||; 400; 400 Bad Request",
        "GET * HTTP/1.1|Host: a||; 400; 400 Bad Request",
      })
  void request_thatNoDoorShouldSee_isRefusedAndTheConnectionEnds(
      String request, int status, String body) throws IOException {
    Answer answer = send(request);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(http.isCut()).isTrue();
    assertThat(asked).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.0||",
        "GET / HTTP/1.1|Host:||",
        "GET / HTTP/1.1|Host: a:1||",
        "GET / HTTP/1.1|Host: [::1%25eth0]:1||",
        "GET http://h/ HTTP/1.1|Host: a||",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: Chunked||1|x|0||",
        "PUT / HTTP/1.1|Host: a|Content-Length: 0001||x",
        "PUT / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 1||x",
        "PUT / HTTP/1.1|Host: a|Content-Length: 1|X: y|content-length: 1|Content-Length: 1||x",
        "PUT / HTTP/1.0|Expect: 100-continue|Content-Length: 1||x",
        "GET / HTTP/1.1|Host: a|Expect: 100-continue||",
      })
  void request_thatGoTakes_isTaken(String request) throws IOException {
    assertThat(send(request).status()).isEqualTo(200);
    assertThat(asked).hasValue(1);
  }

  @Test
  void target_withoutAPath_keepsItsQuery() throws IOException {
    assertThat(send("GET http://h?cas=0/v1/kv/k HTTP/1.1|Host: h||").body())
        .isEqualTo("/ cas=0/v1/kv/k 0");
  }

  @Test
  void optionsOfTheServer_areAnsweredWithoutADoor() throws IOException {
    assertThat(send("OPTIONS * HTTP/1.1|Host: h||").status()).isEqualTo(200);
    assertThat(asked).hasValue(0);
  }

  @Test
  void headers_areNamedAsGoNamesThem() throws IOException {
    String answer = raw("GET / HTTP/1.1|Host: h|Connection: close||");
    assertThat(answer)
        .contains(
            "\r\nX-Etcd-Index: 7\r\n", "\r\nContent-Length: 4\r\n", "\r\nConnection: close\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Connection: keep-alive|"})
  void stream_ofHttp10_hasNoChunksAndEndsWithItsConnection(String more) throws IOException {
    assertThat(raw("GET /stream HTTP/1.0|" + more + "|"))
        .doesNotContain("Transfer-Encoding")
        .endsWith("\r\n\r\none,two");
  }

  @Test
  void stream_ofHttp11_hasChunks() throws IOException {
    assertThat(send("GET /stream HTTP/1.1|Host: h||").body()).isEqualTo("one,two");
  }

  private String raw(String request) throws IOException {
    http.send(request.replace("|", CRLF));
    return http.rest();
  }
}
