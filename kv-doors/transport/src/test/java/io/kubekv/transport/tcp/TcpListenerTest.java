package io.kubekv.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.LimitHits;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.RequestIds;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.requests.Tracer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections, and what is counted and bounded of them. */
class TcpListenerTest {
  private static final ClientLimits ONE_AT_A_TIME =
      new ClientLimits(1, 1, 0, 1, 1, 1, Duration.ZERO);

  private final EventLoop loop = new EventLoop();
  private final Metrics metrics = new Metrics("test");
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();

  /** How many connections the protocol fails to begin. */
  private final AtomicInteger unwilling = new AtomicInteger();

  private final List<AutoCloseable> open = new ArrayList<>();

  /** Answers each byte with the same, and with {@code !} when it is not the client's turn. */
  private final class Echo implements TcpProtocol {
    private final boolean saysWho;

    Echo(boolean saysWho) {
      this.saysWho = saysWho;
    }

    @Override
    public Set<String> verbs() {
      return Set.of("echo");
    }

    @Override
    public Receiver opened(TcpConnection connection) {
      if (unwilling.getAndDecrement() > 0) {
        throw new IllegalStateException("of the test");
      }
      if (saysWho) {
        connection.arrived();
      }
      return new Receiver() {
        @Override
        public void received(Buffer bytes) {
          connection.begin(
              "echo",
              "",
              request ->
                  request.run(
                      () -> {
                        ids.add(RequestIds.current().orElse("none"));
                        connection.send(bytes);
                        request.end(Outcome.DONE, bytes.length());
                      }),
              refused -> connection.send(Buffer.buffer("!")));
        }

        @Override
        public void closed() {
          closed.incrementAndGet();
        }

        @Override
        public boolean isBusy() {
          return false;
        }
      };
    }
  }

  private TcpListener listen(TcpLimits limits, ClientLimits client, boolean saysWho)
      throws IOException {
    Budgets budgets = new Budgets(client, 10);
    TcpListener listener =
        TcpListener.start(
            "echo",
            "127.0.0.1",
            0,
            limits,
            new Echo(saysWho),
            loop,
            Optional.empty(),
            budgets,
            new Observation(metrics.registry(), Tracer.NONE));
    open.add(listener);
    open.add(budgets);
    return listener;
  }

  private TcpListener listen(int connections, boolean saysWho) throws IOException {
    return listen(
        new TcpLimits(connections, connections, Duration.ofMillis(200)),
        ClientLimits.DEFAULT,
        saysWho);
  }

  private static Socket connect(TcpListener listener) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    loop.close();
    metrics.close();
  }

  @Test
  void request_hasAnId_andIsCounted() throws IOException {
    TcpListener listener = listen(10, true);
    try (Socket client = connect(listener)) {
      client.getOutputStream().write('a');

      assertThat(client.getInputStream().read()).isEqualTo('a');
      assertThat(ids).hasSize(1).doesNotContain("none");
      assertThat(metrics.page())
          .contains("kubekv_request_seconds_count{door=\"echo\",verb=\"echo\"} 1");
      assertThat(listener.connections()).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(closed).hasValue(1));
    assertThat(listener.connections()).isZero();
  }

  @Test
  void connection_beyondTheLimit_isClosed() throws IOException {
    TcpListener listener = listen(1, true);
    try (Socket first = connect(listener)) {
      first.getOutputStream().write('a');
      assertThat(first.getInputStream().read()).isEqualTo('a');
      try (Socket second = connect(listener)) {
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(listener.cut()).isEqualTo(1);
    }
  }

  @Test
  void connection_thatTheProtocolCannotBegin_isClosed_andCountsNoMore() throws IOException {
    unwilling.set(1);
    TcpListener listener =
        listen(new TcpLimits(10, 1, Duration.ofSeconds(20)), ClientLimits.DEFAULT, true);
    try (Socket first = connect(listener)) {
      assertThat(first.getInputStream().read()).isEqualTo(-1);
    }
    try (Socket second = connect(listener)) {
      second.getOutputStream().write('a');
      assertThat(second.getInputStream().read()).isEqualTo('a');
    }
    assertThat(listener.cut()).isZero();
  }

  @Test
  void connection_thatSaysNothing_isClosed() throws IOException {
    TcpListener listener = listen(10, false);
    try (Socket client = connect(listener)) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(listener.cut()).isEqualTo(1);
  }

  @Test
  void client_overItsLimit_isRefusedInTheProtocolsWords() throws IOException {
    TcpLimits limits = new TcpLimits(10, 10, Duration.ofSeconds(20));
    try (Budgets budgets = new Budgets(ONE_AT_A_TIME, 10);
        TcpListener listener =
            TcpListener.start(
                "echo",
                "127.0.0.1",
                0,
                limits,
                new Echo(true),
                loop,
                Optional.empty(),
                budgets,
                new Observation(metrics.registry(), Tracer.NONE));
        Socket client = connect(listener)) {
      int answer = 'a';
      for (int sent = 0; answer == 'a' && sent < 10_000; sent++) {
        client.getOutputStream().write('a');
        answer = client.getInputStream().read();
      }

      assertThat(answer).isEqualTo('!');
      assertThat(budgets.hits().of(Limit.CLIENT_REQUEST_RATE, LimitHits.Outcome.REFUSED))
          .isEqualTo(1);
    }
  }

  @Test
  void close_cutsConnections_andFreesThePort() throws IOException {
    TcpListener listener = listen(10, true);
    try (Socket client = connect(listener)) {
      client.getOutputStream().write('a');
      assertThat(client.getInputStream().read()).isEqualTo('a');

      listener.close();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }
}
