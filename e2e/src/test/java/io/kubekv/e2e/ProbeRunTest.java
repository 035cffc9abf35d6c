package io.kubekv.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ProbeRunTest {
  private static final List<Probe> PROBES =
      ProbeFile.parse(
          List.of(
              "get GET /get",
              "    keep i X-Consul-Index",
              "echo PUT /echo?index={i+1} <- a{bytes}",
              "wait GET /wait",
              "    meanwhile PUT /wake",
              "silent GET /never",
              "    silent 50",
              "head HEAD /get"));

  /** A store of sorts that answers a number, what it is told, or once another request wakes it. */
  private static HttpServer server(String number) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CountDownLatch woken = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    server.createContext("/get", exchange -> answer(exchange, number));
    server.createContext(
        "/echo",
        exchange -> {
          String told = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
          answer(exchange, exchange.getRequestURI() + told);
        });
    server.createContext("/wait", exchange -> answerAfter(exchange, woken));
    server.createContext("/never", exchange -> answerAfter(exchange, never));
    server.createContext(
        "/wake",
        exchange -> {
          woken.countDown();
          answer(exchange, "true");
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  private static void answerAfter(HttpExchange exchange, CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    answer(exchange, "woken");
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(ISO_8859_1);
    exchange.getResponseHeaders().add("X-Consul-Index", "41");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!head) {
        out.write(body);
      }
    }
  }

  private static SequencedMap<String, ProbeAnswer> answers(String number) throws IOException {
    HttpServer server = server(number);
    try {
      return ProbeRun.of(server.getAddress(), PROBES);
    } finally {
      server.stop(0);
    }
  }

  private static ProbeAnswer answer(SequencedMap<String, ProbeAnswer> answers, String id) {
    return answers.getOrDefault(id, ProbeAnswer.none("not asked"));
  }

  @Test
  void of_probes_answersInTheirOrderWithWhatWasKept() throws IOException {
    SequencedMap<String, ProbeAnswer> answers = answers("1");

    assertThat(answers.keySet())
        .containsExactly("get", "echo", "wait.meanwhile", "wait", "silent", "head");
    assertThat(answer(answers, "echo").body())
        .startsWith("/echo?index=42a\0\1")
        .hasSize("/echo?index=42a".length() + 256);
    assertThat(answer(answers, "wait").body()).isEqualTo("woken");
    assertThat(answer(answers, "silent").status()).isEqualTo(ProbeAnswer.NONE);
    assertThat(answer(answers, "head").body()).isEmpty();
  }

  @Test
  void of_twoServersThatDifferInOneAnswer_thatOneIsSeen() throws IOException {
    List<ProbeDifference> differences = ProbeComparison.of(answers("1"), answers("2"));

    assertThat(differences).extracting(ProbeDifference::id).containsExactly("get");
    assertThat(ProbeComparison.of(answers("1"), answers("1"))).isEmpty();
  }
}
