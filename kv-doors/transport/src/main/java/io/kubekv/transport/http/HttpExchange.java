package io.kubekv.transport.http;

import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.limits.Use;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. Used by one thread at a time; the {@link ResponseStream} that it may
 * open outlives it, and so does the exchange itself once it is parked.
 */
public final class HttpExchange {
  private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);

  /** What surely fits the connection's own buffers needs no looking after. */
  private static final int SMALL_BYTES = 4096;

  private static final byte[] NO_BODY = {};

  private final HttpServerRequest request;
  private final Connection connection;
  private final AnswerCounts counts;
  private final int bodyBytes;
  private final Threads threads;
  private final String path;
  private final String query;
  private final long begun = System.nanoTime();
  private Unsent unsent;
  private byte[] body;
  private volatile boolean parked;
  private volatile @Nullable Surroundings surroundings;
  private @Nullable Use use;
  private boolean closing;
  private boolean failed;
  private int held;
  private List<Header> always = List.of();

  /** Threads of the listener's, which may wait. */
  interface Threads {
    /** Has the request answered by one. */
    void handle(HttpExchange exchange);

    /** Has one do something for the request. */
    void run(HttpExchange exchange, Runnable work);
  }

  /**
   * @param threads for what cannot be done on the event loop
   * @param unsent counts what clients do not take
   */
  HttpExchange(
      HttpServerRequest request,
      Connection connection,
      AnswerCounts counts,
      byte[] body,
      Threads threads,
      Unsent unsent) {
    this.request = request;
    this.unsent = unsent;
    this.connection = connection;
    this.counts = counts;
    this.body = body;
    this.bodyBytes = body.length;
    this.held = body.length;
    this.threads = threads;
    String target = originForm(request.uri());
    int question = target.indexOf('?');
    this.path = question < 0 ? target : target.substring(0, question);
    this.query = question < 0 ? "" : target.substring(question + 1);
  }

  /** What a proxy-style target {@code http://host/path} says without its beginning. */
  private static String originForm(String uri) {
    int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
    if (scheme < 0) {
      return uri;
    }
    for (int at = scheme + 3; at < uri.length(); at++) {
      if (uri.charAt(at) == '/') {
        return uri.substring(at);
      } else if (uri.charAt(at) == '?') {
        return "/" + uri.substring(at);
      }
    }
    return "/";
  }

  public String method() {
    return request.method().name();
  }

  /** The path as sent, percent signs included; {@code *} for {@code OPTIONS *}. */
  public String path() {
    return path;
  }

  /** What follows the first question mark, as sent; empty when nothing does. */
  public String query() {
    return query;
  }

  /** The first header of that name, whatever its case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /**
   * The body as sent, whatever its content type; empty once the answer was left for later: who
   * waits must not make the server keep it. The caller must not change it.
   */
  public byte[] body() {
    return body;
  }

  /** When it was there, body and all: {@link System#nanoTime}. */
  public long begun() {
    return begun;
  }

  /** Whether its answer was parked, or is a stream: it waits for something to happen. */
  public boolean isParked() {
    return parked;
  }

  /** Scheme and authority by which the client came: {@code http://store:2379}. */
  public String clientUrl() {
    HostAndPort authority = request.authority();
    String host =
        authority != null && !authority.host().isEmpty()
            ? authority.toString()
            : String.valueOf(request.localAddress());
    return (request.isSSL() ? "https://" : "http://") + host;
  }

  /** The certificate that the client has shown, which is of an authority that is trusted here. */
  public Optional<X509Certificate> clientCertificate() {
    return connection.clientCertificate();
  }

  /** Runs what it is given on the event loop of this request's connection. */
  public Executor loop() {
    Surroundings present = surroundings;
    Executor loop = connection.loop();
    return present == null ? loop : task -> loop.execute(present.around(task));
  }

  /** Runs something on this thread as {@link #loop} would. */
  public void surrounded(Runnable task) {
    Surroundings present = surroundings;
    (present == null ? task : present.around(task)).run();
  }

  /** What is put around all that is done for this request from now on. */
  public void surround(Surroundings with) {
    surroundings = with;
  }

  /** Counts what its client does not take there, and not where its listener does. */
  void countUnsentIn(Unsent other) {
    unsent = other;
  }

  /** It is its turn, and it is answered from now on. */
  void begins(Use turn) {
    use = turn;
    turn.goesOnIn(task -> loop().execute(task));
  }

  /** Has the current thread do something for this request, on its client's budget. */
  public void run(Runnable task) {
    if (use == null) {
      task.run();
    } else {
      use.run(task);
    }
  }

  /** Closes the connection after the answer. */
  void closeAfterwards() {
    closing = true;
  }

  /** Adds these headers to the answer, whoever gives it and whatever it is. */
  public void answerWith(List<Header> headers) {
    always = headers;
  }

  /** Whether the client has gone away. */
  boolean isGone() {
    return request.response().closed();
  }

  /** Gives a request that was taken at once, and not answered, to a thread of its own after all. */
  public void giveToThread() {
    threads.handle(this);
  }

  /** Goes on, on a thread that may wait, with a request that was taken at once. */
  public void onThread(Runnable work) {
    threads.run(this, work);
  }

  /** Answers. The length, and nothing else, is added to the headers; HEAD gets no body. */
  public void reply(int status, List<Header> headers, Payload payload) {
    if (closing) {
      replyAndClose(status, headers, payload);
      return;
    }
    HttpServerResponse response = start(status, headers);
    response.putHeader("Content-Length", Integer.toString(payload.size()));
    boolean bodyless = request.method().equals(HttpMethod.HEAD);
    int bytes = bodyless ? 0 : payload.size();
    if (bytes <= SMALL_BYTES) {
      connection.idle(); // before the end, which lets the next request in
      releaseBody();
      end(bytes);
      send(response, bodyless, payload);
    } else {
      Room.Part kept = use == null ? Room.Part.NONE : use.takeOver();
      boolean counted = !kept.covers(bytes);
      kept.shrinkTo(counted ? 0 : bytes);
      connection.hold(bytes);
      connection.sending();
      end(bytes);
      outgoing(response, counted, () -> taken(bytes, kept)).end(payload);
    }
  }

  private static void send(HttpServerResponse response, boolean bodyless, Payload payload) {
    if (bodyless) {
      response.end();
    } else {
      response.end(payload.buffer());
    }
  }

  private Outgoing outgoing(HttpServerResponse response, boolean counted, Runnable taken) {
    String client =
        Optional.ofNullable(use)
            .flatMap(Use::budget)
            .map(Budget::client)
            .orElse(connection.source().origin());
    Outgoing outgoing = new Outgoing(response, connection, unsent, client, counted, taken);
    response.closeHandler(closed -> outgoing.closed());
    return outgoing;
  }

  private void taken(int bytes, Room.Part kept) {
    kept.close();
    connection.sent();
    connection.release(bytes);
    releaseBody();
  }

  private void releaseBody() {
    int bytes = held;
    held = 0;
    connection.release(bytes);
  }

  private void end(long answered) {
    if (use != null) {
      use.end(bodyBytes + answered);
    }
  }

  /** As {@link #reply}, and closes the connection after it. */
  public void replyAndClose(int status, List<Header> headers, Payload payload) {
    HttpServerResponse response = start(status, headers);
    response.putHeader("Connection", "close");
    response.putHeader("Content-Length", Integer.toString(payload.size()));
    connection.sending();
    end(payload.size());
    response.end(payload.buffer()).onComplete(sent -> connection.close());
  }

  /**
   * Sends status and headers at once and leaves the body to the stream. The caller is told once
   * when the answer is over for any reason: ended, cut, or the client gone.
   *
   * @throws OverLimitException when the client has too many streams; nothing was sent
   */
  public ResponseStream stream(int status, List<Header> headers, Runnable over) {
    parked = true;
    waits();
    HttpServerResponse response = start(status, headers);
    connection.streaming();
    boolean endsWithConnection = request.version() == HttpVersion.HTTP_1_0;
    response.setChunked(true);
    Outgoing outgoing = outgoing(response, true, () -> {});
    counts.streamOpened();
    AtomicBoolean told = new AtomicBoolean();
    Handler<Void> end =
        ignored -> {
          if (told.compareAndSet(false, true)) {
            outgoing.closed();
            connection.idle();
            counts.streamClosed();
            end(0);
            over.run();
          }
        };
    response.endHandler(end).closeHandler(end);
    response.writeHead();
    return new ResponseStream(response, connection, outgoing, endsWithConnection);
  }

  private void waits() {
    if (use != null) {
      use.watch();
      use.keep(Room.Part.NONE); // what it has found is not its answer
    }
    body = NO_BODY;
    releaseBody();
  }

  /**
   * Leaves the answer for later: nothing is sent, no limit on time counts, and {@link #reply} may
   * be called from any thread, once. The caller is told when the client goes away before it, maybe
   * during this call, maybe more than once.
   *
   * @throws OverLimitException when the client has too many that wait; nothing was done
   */
  public void park(Runnable gone) {
    parked = true;
    waits();
    HttpServerResponse response = request.response();
    connection.streaming();
    response.closeHandler(
        ignored -> {
          end(0);
          gone.run();
        });
    if (response.closed()) {
      end(0);
      gone.run();
    }
  }

  /**
   * Answers 500 if nothing has been answered, after an error that no door expected. The first is
   * told; who throws it on may come here again.
   */
  public void fail(Throwable unexpected) {
    if (failed) {
      return;
    }
    failed = true;
    log.error("{} {} failed", method(), path, unexpected);
    if (request.response().headWritten()) {
      end(0);
      connection.close();
    } else {
      replyAndClose(500, List.of(), Payload.EMPTY);
    }
  }

  private HttpServerResponse start(int status, List<Header> headers) {
    HttpServerResponse response = request.response();
    response.setStatusCode(status);
    for (Header header : always) {
      response.headers().add(header.name(), header.value());
    }
    for (Header header : headers) {
      response.headers().add(header.name(), header.value());
    }
    counts.answered(this, status);
    Surroundings present = surroundings;
    if (present != null) {
      present.answered(status);
    }
    return response;
  }
}
