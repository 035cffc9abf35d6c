package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Revision;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.limits.OverLimitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which index a client is told when its wait is over. */
class ParkedTest {
  private static final Revision SEEN = new Revision(5);
  private static final Revision NEW = new Revision(9);
  private static final int SEEN_CONTENT = 1;

  @Test
  void timeUp_sameContent_keepsTheClientsIndex() throws IOException {
    assertThat(index(Snapshot.upTo(NEW, SEEN_CONTENT, ParkedTest::nothing), Parked::timeUp))
        .isEqualTo(5);
  }

  /** With the old index the client would take what it has just been shown for news again. */
  @Test
  void timeUp_contentThatCameSince_isToldByItsIndex() throws IOException {
    assertThat(index(Snapshot.upTo(NEW, SEEN_CONTENT + 1, ParkedTest::nothing), Parked::timeUp))
        .isEqualTo(9);
  }

  @Test
  void timeUp_indexOfTheLastChange_isTold() throws IOException {
    assertThat(index(Snapshot.exact(NEW, NEW, ParkedTest::nothing), Parked::timeUp)).isEqualTo(9);
  }

  /** After a restore the store may be younger than what the client has seen. */
  @Test
  void timeUp_olderStore_isTold() throws IOException {
    Revision older = new Revision(3);

    assertThat(index(Snapshot.upTo(older, SEEN_CONTENT, ParkedTest::nothing), Parked::timeUp))
        .isEqualTo(3);
  }

  @Test
  void wake_sameContent_isToldTheNewIndex() throws IOException {
    assertThat(index(Snapshot.upTo(NEW, SEEN_CONTENT, ParkedTest::nothing), Parked::wake))
        .isEqualTo(9);
  }

  private static Response nothing() {
    return Response.empty(200);
  }

  /** What a client is told that has seen {@link #SEEN} and then is shown this. */
  private static long index(Snapshot shown, Consumer<Parked> end) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpListener listener =
            HttpListener.start(
                "127.0.0.1", 0, HttpLimits.DEFAULT, new ParkAndEnd(shown, end), threads);
        RawHttp client =
            new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()))) {
      client.request("GET", "/", "");
      return Long.parseLong(client.answer().header("X-Consul-Index"));
    }
  }

  private record ParkAndEnd(Snapshot shown, Consumer<Parked> end) implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) {
      Call call = new Call(exchange, Bytes.EMPTY);
      Parked parked = new Parked(call, () -> shown, SEEN, SEEN_CONTENT, Runnable::run);
      call.park(parked::gone);
      end.accept(parked);
    }

    @Override
    public void overLimit(HttpExchange exchange, OverLimitException why) {
      throw new AssertionError("nothing is limited", why);
    }

    @Override
    public void bodyTooLarge(HttpExchange exchange, long limit) {
      throw new AssertionError("the request has no body");
    }
  }
}
