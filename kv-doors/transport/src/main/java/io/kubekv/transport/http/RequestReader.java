package io.kubekv.transport.http;

import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Turn;
import io.kubekv.transport.limits.Use;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Collects one request's body on the event loop, within the limits, and lets it be answered when it
 * is its client's turn: at once if it can be, otherwise on a thread of its own.
 */
final class RequestReader {
  private static final byte[] NO_BODY = new byte[0];

  private final HttpLimits limits;
  private final HttpHandler handler;
  private final AnswerCounts counts;
  private final Executor threads;
  private final Budgets budgets;

  RequestReader(
      HttpLimits limits,
      HttpHandler handler,
      AnswerCounts counts,
      Executor threads,
      Budgets budgets) {
    this.limits = limits;
    this.handler = handler;
    this.counts = counts;
    this.threads = threads;
    this.budgets = budgets;
  }

  /** Called on the event loop as soon as the headers are complete. */
  void read(HttpServerRequest request, Connection connection) {
    if (connection.isTooMany()) {
      refuseConnection(request, connection);
      return;
    }
    String length = request.getHeader("Content-Length");
    boolean empty =
        length == null ? request.getHeader("Transfer-Encoding") == null : length.equals("0");
    long announced = empty ? 0 : length == null ? limits.maxBodyBytes() : Long.parseLong(length);
    if (announced > limits.maxBodyBytes()) {
      refuse(request, connection);
      return;
    }
    Limit full = connection.source().full();
    if (full == null) {
      readBody(request, connection, (int) announced);
      return;
    }
    budgets.hits().delayed(full);
    connection.receiving();
    request.pause();
    connection
        .source()
        .onceThereIsRoom(
            () -> connection.loop().execute(() -> goOn(request, connection, (int) announced)));
  }

  private void goOn(HttpServerRequest request, Connection connection, int announced) {
    if (!request.response().closed()) {
      request.resume();
      readBody(request, connection, announced);
    }
  }

  private void readBody(HttpServerRequest request, Connection connection, int announced) {
    if (announced == 0) {
      dispatch(request, connection, NO_BODY);
      return;
    }
    connection.receiving(() -> refuseBadBody(request, connection));
    if (Refusal.waitsForLeave(request)) {
      request.response().writeContinue();
    }
    new Incoming(request, connection, announced)
        .begin(whole -> dispatch(request, connection, whole), () -> refuse(request, connection));
  }

  /** What has come of it is held until the connection is closed, which is soon. */
  private void refuseBadBody(HttpServerRequest request, Connection connection) {
    request.handler(null);
    request.endHandler(null);
    connection.answering();
    exchange(request, connection, NO_BODY)
        .replyAndClose(
            Refusal.BAD_CHUNK.status(),
            List.of(new Header("Content-Type", "text/plain; charset=utf-8")),
            Payload.utf8(Refusal.BAD_CHUNK.body()));
  }

  private void refuse(HttpServerRequest request, Connection connection) {
    budgets.hits().refused(Limit.BODY_BYTES);
    request.pause();
    connection.answering();
    onThread(
        exchange(request, connection, NO_BODY),
        connection,
        exchange -> handler.bodyTooLarge(exchange, limits.maxBodyBytes()));
  }

  private void refuseConnection(HttpServerRequest request, Connection connection) {
    budgets.hits().refused(Limit.CLIENT_CONNECTIONS);
    request.pause();
    connection.answering();
    HttpExchange exchange = exchange(request, connection, NO_BODY);
    exchange.closeAfterwards();
    handler.overLimit(
        exchange,
        new OverLimitException(
            Limit.CLIENT_CONNECTIONS,
            "too many connections are open from "
                + connection.source().origin()
                + ": at most "
                + limits.maxConnectionsOfClient()
                + "; close some first"));
  }

  private void dispatch(HttpServerRequest request, Connection connection, byte[] body) {
    connection.answering();
    HttpExchange exchange = exchange(request, connection, body);
    Budget budget = budget(exchange, connection.source());
    Optional<Use> use = budget.tryBegin();
    if (use.isPresent()) {
      begin(exchange, use.get());
    } else {
      budget.await(new Waiting(exchange));
    }
  }

  private Budget budget(HttpExchange exchange, Source source) {
    Optional<String> client = handler.client(exchange);
    Optional<Budgets> others = handler.budgets(exchange);
    if (others.isEmpty()) {
      return client.map(budgets::of).orElseGet(source::budget);
    }
    exchange.countUnsentIn(others.get().unsent());
    return others.get().of(client.orElse(source.origin()));
  }

  private void begin(HttpExchange exchange, Use use) {
    exchange.begins(use);
    try {
      use.run(
          () -> {
            if (!handler.handleAtOnce(exchange)) {
              exchange.giveToThread();
            }
          });
    } catch (OverLimitException over) {
      handler.overLimit(exchange, over);
    } catch (RuntimeException unexpected) {
      exchange.fail(unexpected);
    } catch (Error mistake) {
      exchange.fail(mistake);
      throw mistake;
    }
  }

  /** A request whose turn has not come yet. */
  private final class Waiting implements Turn {
    private final HttpExchange exchange;

    Waiting(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void begin(Use use) {
      exchange.loop().execute(() -> RequestReader.this.begin(exchange, use));
    }

    @Override
    public void refuse(OverLimitException why) {
      exchange.loop().execute(() -> handler.overLimit(exchange, why));
    }

    @Override
    public boolean isGone() {
      return exchange.isGone();
    }
  }

  private HttpExchange exchange(HttpServerRequest request, Connection connection, byte[] body) {
    return new HttpExchange(
        request, connection, counts, body, new ThreadsOf(connection), budgets.unsent());
  }

  /** Threads that work for a connection. */
  private final class ThreadsOf implements HttpExchange.Threads {
    private final Connection connection;

    ThreadsOf(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void handle(HttpExchange exchange) {
      onThread(exchange, connection, handler::handle);
    }

    @Override
    public void run(HttpExchange exchange, Runnable work) {
      onThread(exchange, connection, taken -> taken.surrounded(work));
    }
  }

  private void onThread(HttpExchange exchange, Connection connection, Answer answer) {
    threads.execute(
        () -> {
          connection.work(Thread.currentThread());
          try {
            exchange.run(() -> answer.to(exchange));
          } catch (OverLimitException over) {
            handler.overLimit(exchange, over);
          } catch (RuntimeException unexpected) {
            exchange.fail(unexpected);
          } catch (Error mistake) {
            exchange.fail(mistake);
            throw mistake;
          } finally {
            connection.workDone(Thread.currentThread());
          }
        });
  }

  private interface Answer {
    void to(HttpExchange exchange);
  }
}
