package io.kubekv.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.transport.http.RawHttp.Answer;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.LimitHits;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.limits.Use;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The listener's limits and what it owes a handler. */
final class HttpListenerTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofMinutes(5);

  /** More than the buffers of a connection take. */
  private static final int LARGE = 32 << 20;

  private static final int BODY = 1 << 20;

  private static final String GET = "GET /x?y=1 HTTP/1.1\r\nHost: h\r\n\r\n";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger over = new AtomicInteger();
  private final BlockingQueue<ResponseStream> streams = new LinkedBlockingQueue<>();
  private Budgets budgets = budgets(ClientLimits.DEFAULT, new Unsent(1 << 30, 1 << 30));
  private final EventLoop own = new EventLoop();
  private HttpListener listener = listener(HttpLimits.DEFAULT);

  private final class Echo implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) {
      switch (exchange.path()) {
        case "/slow" -> waitForInterrupt(exchange);
        case "/large" -> exchange.reply(200, List.of(), Payload.utf8("x".repeat(LARGE)));
        case "/larger-than-its-room" -> {
          Use.current().orElseThrow().keep(budgets.room().forListing(100_000));
          exchange.reply(200, List.of(), Payload.utf8("x".repeat(LARGE)));
        }
        case "/wait" -> {
          waitForRelease();
          exchange.reply(200, List.of(), Payload.EMPTY);
        }
        case "/wait-then-park" -> {
          waitForRelease();
          exchange.park(() -> {});
        }
        case "/park-and-look" -> {
          int before = exchange.body().length;
          exchange.park(() -> {});
          String text = before + " " + exchange.body().length;
          exchange.reply(200, List.of(), Payload.utf8(text));
        }
        case "/broken" -> throw new IllegalStateException("planned by the test");
        case "/stream" -> streams.add(exchange.stream(200, List.of(), over::incrementAndGet));
        default -> {
          String text =
              exchange.method()
                  + " "
                  + exchange.path()
                  + " "
                  + exchange.query()
                  + " "
                  + exchange.clientUrl()
                  + " "
                  + exchange.body().length;
          exchange.reply(200, List.of(new Header("X-Test", "1")), Payload.utf8(text));
        }
      }
    }

    private void waitForRelease() {
      waiting.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void waitForInterrupt(HttpExchange exchange) {
      try {
        Thread.sleep(LONG);
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      exchange.reply(503, List.of(), Payload.EMPTY);
    }

    @Override
    public void overLimit(HttpExchange exchange, OverLimitException why) {
      exchange.reply(429, List.of(), Payload.utf8(why.limit().label()));
    }

    @Override
    public void bodyTooLarge(HttpExchange exchange, long limit) {
      exchange.replyAndClose(413, List.of(), Payload.utf8("over " + limit));
    }
  }

  private HttpListener listener(HttpLimits limits) {
    try {
      return HttpListener.start(
          "127.0.0.1", 0, limits, new Echo(), threads, own, Optional.empty(), budgets);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void limit(HttpLimits limits) {
    listener.close();
    listener = listener(limits);
  }

  private void limit(HttpLimits limits, ClientLimits client) {
    limit(limits, client, new Unsent(1 << 30, 1 << 30));
  }

  private void limit(HttpLimits limits, ClientLimits client, Unsent unsent) {
    budgets.close();
    budgets = budgets(client, unsent);
    limit(limits);
  }

  private static Budgets budgets(ClientLimits client, Unsent unsent) {
    return new Budgets(client, 100, 32 << 20, unsent);
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
  }

  @AfterEach
  void close() {
    listener.close();
    own.close();
    budgets.close();
    threads.close();
  }

  @Test
  void request_isHandedOverAsSent() throws IOException {
    try (RawHttp http = connect()) {
      assertThat(http.send(GET).answer().body()).isEqualTo("GET /x y=1 http://h 0");
      assertThat(http.request("PUT", "/p%20q", "a=b").answer().body())
          .isEqualTo("PUT /p%20q  http://store.test:2379 3");
      assertThat(http.send("GET http://other/z HTTP/1.1\r\nHost: h\r\n\r\n").answer().body())
          .startsWith("GET /z ");
    }
    assertThat(listener.answers())
        .containsEntry(new ListenerStats.Answered("GET", 200), 2L)
        .containsEntry(new ListenerStats.Answered("PUT", 200), 1L);
  }

  /** Others of its address may send bodies then, so this one must not take memory any more. */
  @Test
  void bodyOfOneThatWaits_isNotKept() throws IOException {
    try (RawHttp http = connect()) {
      assertThat(http.request("PUT", "/park-and-look", "abc").answer().body()).isEqualTo("3 0");
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws IOException {
    try (RawHttp http = connect()) {
      http.send(GET + GET.replace("/x", "/second") + GET.replace("/x", "/third"));

      assertThat(http.answer().body()).contains("/x");
      assertThat(http.answer().body()).contains("/second");
      assertThat(http.answer().body()).contains("/third");
    }
  }

  @Test
  void expectContinue_isAnsweredBeforeTheBody() throws IOException {
    try (RawHttp http = connect()) {
      http.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      assertThat(http.head().status()).isEqualTo(100);

      assertThat(http.send("abc").answer().body()).endsWith(" 3");
    }
  }

  @Test
  void handlerThatFails_is500AndTheConnectionEnds() throws IOException {
    try (RawHttp http = connect()) {
      assertThat(http.request("GET", "/broken", "").answer().status()).isEqualTo(500);
      assertThat(http.isCut()).isTrue();
    }
  }

  @Test
  void endlessBody_isRefusedAtTheLimit() throws IOException {
    limit(HttpLimits.DEFAULT.withMaxBodyBytes(1000));
    try (RawHttp http = connect()) {
      http.send("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      http.send("200\r\n" + "x".repeat(0x200) + "\r\n200\r\n" + "x".repeat(0x200) + "\r\n");

      Answer answer = http.answer();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("over 1000");
      assertThat(http.isCut()).isTrue();
    }
  }

  @Test
  void longRequestLineOrHeaders_areRefused() throws IOException {
    String tooLong = "x".repeat(HttpLimits.DEFAULT.maxHeaderBytes() + 1);
    for (String request :
        List.of(
            "GET /" + tooLong + " HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nA: " + tooLong + "\r\n\r\n")) {
      try (RawHttp http = connect()) {
        assertThat(http.send(request).answer().status()).isEqualTo(400);
        assertThat(http.isCut()).isTrue();
      }
    }
  }

  @Test
  void noHttpAtAll_isRefused() throws IOException {
    for (String noise :
        List.of(
            "\u0016\u0003\u0001\r\n\r\n",
            "GET\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n")) {
      try (RawHttp http = connect()) {
        assertThat(http.send(noise).answer().status()).isEqualTo(400);
        assertThat(http.isCut()).isTrue();
      }
    }
  }

  @Test
  void connectionsOverTheLimit_areClosed() throws IOException {
    limit(HttpLimits.DEFAULT.withMaxConnections(1, 2));
    try (RawHttp first = connect()) {
      assertThat(first.send(GET).answer().status()).isEqualTo(200);
      try (RawHttp second = connect()) {
        assertThat(second.isCut()).isTrue();
      }
      assertThat(first.send(GET).answer().status()).isEqualTo(200);
    }
    assertThat(listener.cut()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(listener.connections()).isZero());
  }

  @Test
  void connectionsFromOneAddressOverTheLimit_areToldSo() throws IOException {
    limit(HttpLimits.DEFAULT.withMaxConnections(100, 1));
    try (RawHttp first = connect();
        RawHttp second = connect()) {
      assertThat(first.send(GET).answer().status()).isEqualTo(200);
      Answer told = second.send(GET).answer();
      assertThat(told.status()).isEqualTo(429);
      assertThat(told.body()).isEqualTo("client_connections");
      assertThat(second.isCut()).isTrue();
      assertThat(first.send(GET).answer().status()).isEqualTo(200);
    }
    await().untilAsserted(() -> assertThat(listener.connections()).isZero());
    try (RawHttp third = connect()) {
      assertThat(third.send(GET).answer().status()).isEqualTo(200);
    }
  }

  /** The address may have one body at a time. */
  private static String putOf(int length) {
    return "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private void limitToOneBody(Duration readTimeout) {
    limit(
        HttpLimits.DEFAULT
            .withMaxBodyBytes(BODY)
            .withMaxHeldBytes(4L * BODY, BODY)
            .withTimeouts(readTimeout, LONG, LONG));
  }

  @Test
  void bodiesOverWhatIsHeldForOneAddress_waitForTheOnesBefore() throws Exception {
    limitToOneBody(LONG);
    try (RawHttp first = connect();
        RawHttp second = connect()) {
      first.send(putOf(BODY) + "a".repeat(BODY - 1));
      await().untilAsserted(() -> assertThat(listener.held()).isEqualTo(BODY - 1));
      second.send(putOf(BODY) + "b".repeat(BODY));
      await().untilAsserted(() -> assertThat(delayed(Limit.CLIENT_HELD_BYTES)).isEqualTo(1));
      assertThat(listener.held()).isLessThan(BODY + BODY / 2);
      assertThat(first.send("a").answer().status()).isEqualTo(200);
      assertThat(second.answer().body()).endsWith(" " + BODY);
    }
    await().untilAsserted(() -> assertThat(listener.held()).isZero());
  }

  @Test
  void badChunk_givesBackNothingThatItsBodyDidNotHold() throws Exception {
    limitToOneBody(LONG);
    try (RawHttp bad = connect();
        RawHttp other = connect();
        RawHttp first = connect();
        RawHttp waiting = connect()) {
      bad.send(
          "PUT /bad HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
              + "Expect: 100-continue\r\n\r\n");
      assertThat(bad.line()).contains("100");
      assertThat(bad.line()).isEmpty();
      other.send(putOf(11) + "o".repeat(10));
      await().untilAsserted(() -> assertThat(listener.held()).isEqualTo(10));
      first.send(putOf(BODY) + "a".repeat(BODY - 1));
      await().untilAsserted(() -> assertThat(delayed(Limit.CLIENT_HELD_BYTES)).isEqualTo(1));
      waiting.send(putOf(1) + "w");
      await().untilAsserted(() -> assertThat(delayed(Limit.CLIENT_HELD_BYTES)).isEqualTo(2));

      assertThat(bad.send("zz\r\n").answer().status()).isEqualTo(400);
      assertThat(bad.isCut()).isTrue();

      assertThat(listener.held()).isBetween((long) BODY, BODY + 10L);
      assertThat(listener.answers()).doesNotContainKey(new ListenerStats.Answered("PUT", 200));
      other.send("o");
      first.send("a");
      for (RawHttp held : List.of(other, first, waiting)) {
        assertThat(held.answer().status()).isEqualTo(200);
      }
    }
    await().untilAsserted(() -> assertThat(listener.held()).isZero());
  }

  @Test
  void bodiesThatArriveTogether_waitForEachOther_andAllEnd() throws Exception {
    limitToOneBody(LONG);
    int most = BODY / 4 * 3;
    List<RawHttp> clients = List.of(connect(), connect(), connect());
    for (RawHttp client : clients) {
      client.send(putOf(BODY) + "a".repeat(most));
    }
    await().untilAsserted(() -> assertThat(delayed(Limit.CLIENT_HELD_BYTES)).isPositive());
    for (RawHttp client : clients) {
      client.send("a".repeat(BODY - most));
    }
    for (RawHttp client : clients) {
      assertThat(client.answer().body()).endsWith(" " + BODY);
      client.close();
    }
    await().untilAsserted(() -> assertThat(listener.held()).isZero());
  }

  @Test
  void bodiesThatAreOnlyAnnounced_takeNothingFromOthers() throws Exception {
    limitToOneBody(LONG);
    List<RawHttp> announcing = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      RawHttp client = connect();
      announcing.add(client.send(putOf(BODY)));
    }
    try (RawHttp other = connect()) {
      for (int i = 0; i < 3; i++) {
        Answer answer = other.send(putOf(BODY) + "a".repeat(BODY)).answer();
        assertThat(answer.body()).endsWith(" " + BODY);
      }
    }
    assertThat(delayed(Limit.CLIENT_HELD_BYTES)).isZero();
    for (RawHttp client : announcing) {
      client.close();
    }
  }

  @Test
  void bodyThatStops_whileAnotherWaits_isCutOff_longBeforeItsTimeIsOver() throws Exception {
    limitToOneBody(Duration.ofSeconds(30));
    try (RawHttp stopped = connect();
        RawHttp other = connect()) {
      stopped.send(putOf(BODY) + "a".repeat(BODY - 1));
      await().untilAsserted(() -> assertThat(listener.held()).isEqualTo(BODY - 1));

      other.send(putOf(BODY) + "b".repeat(BODY));

      assertThat(other.answer().body()).endsWith(" " + BODY);
      assertThat(stopped.isCut()).isTrue();
    }
    assertThat(budgets.hits().of(Limit.SLOW_CLIENT, LimitHits.Outcome.REFUSED)).isEqualTo(1);
  }

  private long delayed(Limit limit) {
    return budgets.hits().of(limit, LimitHits.Outcome.DELAYED);
  }

  @Test
  void bodyThatNeverEnds_isHeldNoLongerThanItsConnection() throws Exception {
    limit(HttpLimits.DEFAULT.withTimeouts(SHORT, LONG, LONG));
    try (RawHttp http = connect()) {
      http.send("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
      assertThat(http.isCut()).isTrue();
    }
    await().untilAsserted(() -> assertThat(listener.held()).isZero());
  }

  @Test
  void answersThatAreNotTaken_areHeldAndCut() throws Exception {
    limit(HttpLimits.DEFAULT.withTimeouts(SHORT, LONG, LONG));
    try (RawHttp http = connect()) {
      http.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
      await().untilAsserted(() -> assertThat(listener.held()).isEqualTo(LARGE));
      await().untilAsserted(() -> assertThat(listener.cut()).isEqualTo(1));
      await().untilAsserted(() -> assertThat(listener.held()).isZero());
      assertThat(budgets.hits().of(Limit.SLOW_CLIENT, LimitHits.Outcome.REFUSED)).isPositive();
    }
  }

  @Test
  void pipelinedRequestsOfOneThatDoesNotRead_wait() throws Exception {
    limit(HttpLimits.DEFAULT.withMaxHeldBytes(LARGE, LARGE));
    try (RawHttp http = connect()) {
      http.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n".repeat(20));
      await().untilAsserted(() -> assertThat(listener.held()).isEqualTo(LARGE));
      for (int i = 0; i < 20; i++) {
        assertThat(http.answer().body()).hasSize(LARGE);
        assertThat(listener.held()).isLessThanOrEqualTo(2L * LARGE);
      }
    }
    assertThat(budgets.hits().of(Limit.CLIENT_HELD_BYTES, LimitHits.Outcome.DELAYED)).isPositive();
  }

  @Test
  void requestsOverTheRate_waitAndThenAreRefused() throws Exception {
    limit(HttpLimits.DEFAULT, one(1, 100, Duration.ZERO));
    try (RawHttp http = connect()) {
      http.send(GET + GET); // both within a second, however busy the machine is
      assertThat(http.answer().status()).isEqualTo(200);
      assertThat(http.answer().body()).isEqualTo("client_request_rate");
    }
  }

  @Test
  void requestsOfOneClientOverThoseInFlight_waitForTheirTurn() throws Exception {
    limit(HttpLimits.DEFAULT, one(0, 1, LONG));
    try (RawHttp first = connect();
        RawHttp second = connect()) {
      first.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
      second.send(GET);
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          budgets
                              .hits()
                              .of(Limit.CLIENT_REQUESTS_IN_FLIGHT, LimitHits.Outcome.DELAYED))
                      .isEqualTo(1));
      released.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
      assertThat(second.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void streamsOfOneClientOverTheLimit_areRefused() throws Exception {
    limit(HttpLimits.DEFAULT, new ClientLimits(0, 1, 0, 100, 1, 1, LONG));
    String get = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n";
    try (RawHttp first = connect();
        RawHttp second = connect()) {
      assertThat(first.send(get).head().status()).isEqualTo(200);
      assertThat(second.send(get).answer().body()).isEqualTo("client_watches");
      stream().end(Payload.utf8("done"));
      await().untilAsserted(() -> assertThat(budgets.watches()).isZero());
      assertThat(second.send(get).head().status()).isEqualTo(200);
    }
    await().untilAsserted(() -> assertThat(budgets.watches()).isZero());
  }

  private static ClientLimits one(long requestsPerSecond, int inFlight, Duration patience) {
    return new ClientLimits(requestsPerSecond, 1, 0, inFlight, 100, 100, patience);
  }

  @Test
  void slowSender_isCutOff() throws IOException {
    limit(HttpLimits.DEFAULT.withTimeouts(SHORT, LONG, LONG));
    try (RawHttp silent = connect();
        RawHttp slow = connect()) {
      slow.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");

      assertThat(slow.isCut()).isTrue();
      assertThat(silent.isCut()).isTrue();
    }
  }

  @Test
  void idleConnection_isClosed_butNotAStream() throws Exception {
    limit(HttpLimits.DEFAULT.withTimeouts(LONG, SHORT, SHORT));
    try (RawHttp idle = connect();
        RawHttp waiting = connect()) {
      assertThat(idle.send(GET).answer().status()).isEqualTo(200);
      assertThat(waiting.request("GET", "/stream", "").head().status()).isEqualTo(200);
      assertThat(idle.isCut()).isTrue();

      stream().end(Payload.utf8("late"));

      assertThat(waiting.chunk()).isEqualTo("late");
      await().untilAsserted(() -> assertThat(over).hasValue(1));
    }
  }

  @Test
  void requestThatTakesTooLong_isInterrupted() throws Exception {
    limit(HttpLimits.DEFAULT.withTimeouts(LONG, LONG, SHORT));
    try (RawHttp http = connect()) {
      assertThat(http.request("GET", "/slow", "").answer().status()).isEqualTo(503);
    }
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void clientThatHangsUp_endsItsStreamAtOnce() throws Exception {
    try (RawHttp http = connect()) {
      http.request("GET", "/stream", "").head();
      stream();
      assertThat(listener.streams()).isEqualTo(1);
    }

    await().untilAsserted(() -> assertThat(over).hasValue(1));
    assertThat(listener.streams()).isZero();
  }

  @Test
  void clientThatDoesNotRead_isCutOffAtABound() throws Exception {
    try (RawHttp http = connect()) {
      http.request("GET", "/stream", "").head();
      ResponseStream stream = stream();
      Payload piece = Payload.utf8("x".repeat(1 << 20));

      int taken = 0;
      while (stream.write(piece) && taken < 64) {
        taken++;
      }

      assertThat(taken).isLessThan(64);
      await().untilAsserted(() -> assertThat(over).hasValue(1));
    }
  }

  /** A stream whose client has read its head and reads no more. */
  private ResponseStream unread(RawHttp http) throws Exception {
    http.request("GET", "/stream", "").head();
    return stream();
  }

  @Test
  void whatClientsDoNotTake_isBoundedInSum_andTheLargestStreamIsCutFirst() throws Exception {
    int bound = 80 << 20;
    limit(HttpLimits.DEFAULT, ClientLimits.DEFAULT, new Unsent(bound, bound));
    try (RawHttp first = connect();
        RawHttp second = connect();
        RawHttp third = connect();
        RawHttp reading = connect()) {
      ResponseStream read = unread(reading);
      unread(second).write(Payload.utf8("x".repeat(24 << 20)));
      unread(first).write(Payload.utf8("x".repeat(40 << 20)));
      assertThat(over).hasValue(0);

      unread(third).write(Payload.utf8("x".repeat(24 << 20)));

      await().untilAsserted(() -> assertThat(over).hasValue(1));
      assertThat(budgets.unsent().bytes()).isBetween(48L << 20, 49L << 20);
      assertThat(read.write(Payload.utf8("to one that reads\n"))).isTrue();
      assertThat(reading.line()).isEqualTo("12");
      assertThat(reading.line()).isEqualTo("to one that reads");
    }
    await().untilAsserted(() -> assertThat(budgets.unsent().bytes()).isZero());
  }

  @Test
  void answerThatIsLargerThanTheRoomItKeeps_isCountedAsAWhole() throws Exception {
    try (RawHttp http = connect()) {
      http.request("GET", "/larger-than-its-room", "").head();

      await()
          .untilAsserted(() -> assertThat(budgets.unsent().bytes()).isGreaterThan(LARGE - 1000L));
      assertThat(budgets.room().takenBytes()).isZero();
    }
    await().untilAsserted(() -> assertThat(budgets.unsent().bytes()).isZero());
  }

  @Test
  void eventOfManyStreams_isInMemoryOnce_andNotInTheTransport() throws Exception {
    int streams = 20;
    Payload event = Payload.utf8("x".repeat(32 << 20));
    List<RawHttp> clients = new ArrayList<>();
    try {
      for (int i = 0; i < streams; i++) {
        RawHttp client = connect();
        clients.add(client);
        unread(client).write(event);
      }
      long pieces = streams * (64L << 10);
      assertThat(budgets.unsent().bytes()).isBetween(event.size() + 0L, event.size() + pieces);
      assertThat(clients.getFirst().line()).isEqualTo("10000");
    } finally {
      for (RawHttp client : clients) {
        client.close();
      }
    }
    await().untilAsserted(() -> assertThat(budgets.unsent().bytes()).isZero());
  }

  @Test
  void drain_letsRequestsEndAndCutsStreams() throws Exception {
    try (RawHttp waiting = connect()) {
      waiting.request("GET", "/stream", "").head();
      stream();

      listener.drain(SHORT);

      assertThat(waiting.isCut()).isTrue();
    }
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  @Test
  void drain_cutsWatchesAtOnce_andLetsTheRequestEnd() throws Exception {
    try (RawHttp watching = connect();
        RawHttp asking = connect()) {
      watching.request("GET", "/stream", "").head();
      stream();
      asking.request("GET", "/wait", "");
      waiting.await();

      Future<?> drained = threads.submit(() -> listener.drain(LONG));

      assertThat(watching.isCut()).isTrue();
      assertThat(drained.isDone()).isFalse();
      released.countDown();
      assertThat(asking.answer().status()).isEqualTo(200);
      drained.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void drain_cutsWhatBeginsToWatchMeanwhile() throws Exception {
    try (RawHttp watching = connect();
        RawHttp late = connect()) {
      watching.request("GET", "/stream", "").head();
      stream();
      late.request("GET", "/wait-then-park", "");
      waiting.await();

      Future<?> drained = threads.submit(() -> listener.drain(LONG));
      assertThat(watching.isCut()).isTrue();
      released.countDown();

      assertThat(late.isCut()).isTrue();
      drained.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void start_onATakenPort_saysWhich() {
    assertThatThrownBy(
            () ->
                HttpListener.start(
                    "127.0.0.1", listener.port(), HttpLimits.DEFAULT, new Echo(), threads))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + listener.port());
  }

  @Test
  void close_onALoopOfOthers_cutsItsOwnConnectionsOnly() throws IOException {
    try (EventLoop loop = new EventLoop();
        HttpListener other = onLoop(loop)) {
      HttpListener closed = onLoop(loop);
      RawHttp cut = connect(closed);

      closed.close();

      assertThat(cut.isCut()).isTrue();
      await()
          .untilAsserted(
              () -> assertThatThrownBy(() -> connect(closed)).isInstanceOf(IOException.class));
      try (RawHttp http = connect(other)) {
        assertThat(http.send(GET).answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void connectionsThatArePassedOn_countUntilTheyAreClosed() throws Exception {
    String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    BlockingQueue<Channel> passed = new LinkedBlockingQueue<>();
    try (EventLoop loop = new EventLoop();
        HttpListener both =
            HttpListener.start(
                "127.0.0.1",
                0,
                HttpLimits.DEFAULT.withMaxConnections(3, 1),
                new Echo(),
                threads,
                loop,
                Optional.empty(),
                budgets,
                Optional.of(passed::add))) {
      RawHttp first = connect(both).send(preface);
      Channel served = passed.poll(20, TimeUnit.SECONDS);
      assertThat(served).isNotNull();

      try (RawHttp second = connect(both).send(preface);
          RawHttp third = connect(both).send(GET)) {
        assertThat(second.isCut()).as("one too many of its client").isTrue();
        assertThat(third.answer().status()).isEqualTo(429);
      }
      await().until(() -> both.connections() == 0);
      try (RawHttp second = connect(both);
          RawHttp third = connect(both);
          RawHttp fourth = connect(both)) {
        assertThat(fourth.isCut()).as("one too many of all").isTrue();
        assertThat(second.send(GET).answer().status()).isEqualTo(429);
        assertThat(third.send(GET).answer().status()).isEqualTo(429);
      }
      first.close();
      java.util.Objects.requireNonNull(served).closeFuture().await(20, TimeUnit.SECONDS);

      await()
          .untilAsserted(
              () -> {
                try (RawHttp last = connect(both).send(GET)) {
                  assertThat(last.answer().status()).isEqualTo(200);
                }
              });
      assertThat(passed).isEmpty();
    }
  }

  private HttpListener onLoop(EventLoop loop) throws IOException {
    return HttpListener.start(
        "127.0.0.1", 0, HttpLimits.DEFAULT, new Echo(), threads, loop, Optional.empty(), budgets);
  }

  private static RawHttp connect(HttpListener to) throws IOException {
    return new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port()));
  }

  private ResponseStream stream() throws InterruptedException {
    ResponseStream stream = streams.poll(20, TimeUnit.SECONDS);
    assertThat(stream).isNotNull();
    return java.util.Objects.requireNonNull(stream);
  }
}
