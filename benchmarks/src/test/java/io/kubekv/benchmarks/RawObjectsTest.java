package io.kubekv.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kubekv.benchmarks.load.KeyValueServer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class RawObjectsTest {
  private static BooleanSupplier times(int count) {
    AtomicInteger left = new AtomicInteger(count);
    return () -> left.getAndDecrement() > 0;
  }

  private static RawObjects.Api api(InetSocketAddress server, String token) {
    return new RawObjects.Api(server, token, "default", () -> HttpConnection.open(server));
  }

  @Test
  void everySlice_writesWhatWasNotThereBefore() throws IOException {
    try (KeyValueServer server = new KeyValueServer();
        RawObjects raw = RawObjects.create(api(server.address(), server.token()), 1)) {
      assertThat(raw.slice(1, times(1)).times().getTotalCount()).isEqualTo(1);
      assertThat(raw.slice(1, times(1)).times().getTotalCount()).isEqualTo(1);
      assertThat(raw.slice(1, times(3)).times().getTotalCount()).isEqualTo(3);
    }
  }

  @Test
  void aWriteThatMovesNoRevision_failsTheSlice() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] body =
              "{\"metadata\":{\"resourceVersion\":\"5\"}}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              exchange.getRequestMethod().equals("POST") ? 201 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try (RawObjects raw = RawObjects.create(api(server.getAddress(), "none"), 1)) {
      assertThatThrownBy(() -> raw.slice(1, times(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("its revision is still 5: writes that change nothing are void");
    } finally {
      server.stop(0);
    }
  }
}
