package io.kubekv.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.limits.OverLimitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of the web can do to a server on this machine, through a browser. */
final class WebGuardTest {
  private static final HostWhitelist OWN =
      HostWhitelist.ofThisMachine(
          List.of("Builder"), CompletableFuture.completedFuture("builder.corp.example."));
  private static final String ALLOWED = "Access-Control-Allow-Origin";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();

  private @Nullable HttpListener listener;

  private final class Asked implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) {
      asked.incrementAndGet();
      exchange.reply(200, List.of(), Payload.EMPTY);
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

  private Answer ask(HostWhitelist hosts, List<String> origins, String request) throws IOException {
    return ask(new WebGuard(new Asked(), hosts, origins, origins), request);
  }

  private Answer ask(WebGuard guard, String request) throws IOException {
    close();
    listener = HttpListener.start("127.0.0.1", 0, HttpLimits.DEFAULT, guard, threads);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
    try (RawHttp http = new RawHttp(address)) {
      return http.send(request + "\r\n\r\n").answer();
    }
  }

  @AfterEach
  void close() {
    if (listener != null) {
      listener.close();
    }
  }

  private static String to(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host;
  }

  private static String from(String method, String origin) {
    return method + " / HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 0\r\nOrigin: " + origin;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:2379",
        "127.0.0.1",
        "[::1]:2379",
        "[::1]",
        "10.1.2.3",
        "localhost:2379",
        "LocalHost",
        "a.localhost",
        "builder:2379",
        "builder.corp.example:2379",
        "localhost.:2379",
        "[fe80::1%eth0]:2379",
        "[fe80::1%25eth0]",
        ""
      })
  void host_ofThisMachine_isLetIn(String host) throws IOException {
    assertThat(ask(OWN, List.of(), to(host)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host.docker.internal:2379",
        "host.containers.internal",
        "host.lima.internal.:2379",
        "nas.local",
        "kv.home.arpa",
        "kv.test",
        "etcd:2379"
      })
  void host_thatNobodyCanRegister_isLetIn(String host) throws IOException {
    assertThat(ask(OWN, List.of(), to(host)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:2379",
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evilinternal.example",
        "internal.example",
        "home.arpa.example",
        "evil.arpa",
        "builder.evil.example",
        "[evil.example]"
      })
  void host_ofSomebodyElse_isRefusedAndNothingIsAsked(String host) throws IOException {
    Answer answer = ask(OWN, List.of("*"), to(host));

    assertThat(answer.status()).isEqualTo(421);
    assertThat(answer.body())
        .contains("the Host header was unrecognized", "--host-whitelist \"" + host.split(":")[0]);
    assertThat(answer.header(ALLOWED)).isEmpty();
    assertThat(asked).hasValue(0);
  }

  @Test
  void hosts_thatAreNamed_areTheOnlyOnes() throws IOException {
    HostWhitelist named = HostWhitelist.of(List.of("kv.example", "KV2"));

    assertThat(ask(named, List.of(), to("KV.example:1")).status()).isEqualTo(200);
    assertThat(ask(named, List.of(), to("kv2")).status()).isEqualTo(200);
    assertThat(ask(named, List.of(), to("127.0.0.1:1")).status()).isEqualTo(421);
    assertThat(ask(HostWhitelist.of(List.of("a", "*")), List.of(), to("b")).status())
        .isEqualTo(200);
  }

  @Test
  void origin_isAllowedOnlyIfNamed() throws IOException {
    List<String> named = List.of("http://a.example", "https://b.example:8443");

    assertThat(ask(OWN, List.of(), from("GET", "http://a.example")).header(ALLOWED)).isEmpty();
    assertThat(ask(OWN, named, from("GET", "http://c.example")).header(ALLOWED)).isEmpty();
    assertThat(ask(OWN, named, from("GET", "https://b.example:8443")).header(ALLOWED))
        .isEqualTo("https://b.example:8443");
    assertThat(ask(OWN, List.of("*"), to("localhost")).header(ALLOWED)).isEqualTo("*");
    assertThat(ask(OWN, named, from("PUT", "http://a.example")).status()).isEqualTo(200);
  }

  @Test
  void origin_thatMayChange_changesAlsoWhereItMayNotRead() throws IOException {
    WebGuard consul =
        new WebGuard(new Asked(), OWN, List.of(), List.of("http://a.example", "http://b.example"));

    Answer answer = ask(consul, from("PUT", "http://a.example"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header(ALLOWED)).isEmpty();
    assertThat(ask(consul, from("PUT", "http://c.example")).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void change_byAPageOfAnotherOrigin_isRefusedAndNothingIsAsked(String method) throws IOException {
    assertThat(ask(OWN, List.of("http://a.example"), from(method, "http://c.example")).status())
        .isEqualTo(403);
    assertThat(ask(OWN, List.of(), from(method, "null")).status()).isEqualTo(403);
    assertThat(asked).hasValue(0);
    assertThat(ask(OWN, List.of(), from(method, "http://localhost:1")).status()).isEqualTo(200);
  }
}
