package io.kubekv.transport.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.requests.Tracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector gets by OTLP over HTTP: protobuf, whose texts stand in it as they are. */
class OtlpTracerTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer collector;

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private OtlpTracer tracer(double ratio, boolean targets) {
    URI endpoint =
        URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
    return OtlpTracer.open(new TracingSettings(endpoint, ratio, targets, "shop", "1.2"));
  }

  private String sent() {
    return String.join("", received);
  }

  private static String bytes(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void span_saysDoorVerbStoreAndOutcome_andNoKey() {
    try (OtlpTracer tracer = tracer(1, false)) {
      tracer.begin("etcd", "get", "/v2/keys/secret", null).end("watch", Outcome.FAILED);
    }

    assertThat(sent())
        .contains("etcd watch", "kubekv.store", "shop", "kubekv.outcome", "failed", "service.name")
        .doesNotContain("secret");
  }

  @Test
  void span_showsKeys_whereThatWasAskedFor() {
    try (OtlpTracer tracer = tracer(1, true)) {
      tracer.begin("etcd", "get", "/v2/keys/shown", null).end("get", Outcome.DONE);
    }

    assertThat(sent()).contains("kubekv.target", "/v2/keys/shown");
  }

  @Test
  void span_ofAClientWithATrace_isPartOfIt_andSoIsWhatIsAskedOfOthers() {
    String passedOn;
    try (OtlpTracer tracer = tracer(0, false)) {
      Tracer.Span span = tracer.begin("grpc", "KeyValue/Get", "", PARENT);
      passedOn = span.parent();
      span.end("KeyValue/Get", Outcome.DONE);
      span.end("KeyValue/Get", Outcome.DONE);
    }

    assertThat(passedOn).startsWith("00-" + TRACE + "-").endsWith("-01").isNotEqualTo(PARENT);
    assertThat(sent()).contains(bytes(TRACE), bytes("00f067aa0ba902b7"));
    assertThat(sent().split("grpc KeyValue/Get", -1)).hasSize(2);
  }

  @Test
  void span_ofATraceThatIsNotSampled_isNotSent_butPassedOn() {
    try (OtlpTracer tracer = tracer(0, false)) {
      Tracer.Span span = tracer.begin("etcd", "put", "", "nonsense");
      assertThat(span.parent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]");
      span.end("put", Outcome.DONE);
    }

    assertThat(received).isEmpty();
  }

  @Test
  void settings_aRatioThatIsNone_isRefused() {
    assertThatThrownBy(() -> tracer(1.5, false)).hasMessageContaining("from 0 to 1, not 1.5");
  }
}
