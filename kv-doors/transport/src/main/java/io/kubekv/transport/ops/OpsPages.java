package io.kubekv.transport.ops;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreStatus;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.OverLimitException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an operator asks: {@code /healthz} is 200 while the process works, and 503 with the reason
 * when only a restart mends it; {@code /readyz} is 200 while the store serves linearizable reads
 * and writes and otherwise 503 with the reason; {@code /metrics} is Prometheus' text. Doors may
 * have pages of their own.
 */
public final class OpsPages implements HttpHandler {
  private static final Header ALLOW = new Header("Allow", "GET, HEAD");

  private final KeyValueStore store;
  private final Metrics metrics;
  private final Workers workers;
  private final Supplier<String> problemOfStorage;
  private final Map<String, HttpHandler> ofDoors;
  private final Budgets budgetsOfDoors;

  /**
   * @param problemOfStorage why not every change can be stored, although the store answers; empty
   *     when it can
   * @param ofDoors what doors show, by how its paths begin
   * @param budgetsOfDoors on which that is, as all that doors answer
   */
  public OpsPages(
      KeyValueStore store,
      Metrics metrics,
      Workers workers,
      Supplier<String> problemOfStorage,
      Map<String, HttpHandler> ofDoors,
      Budgets budgetsOfDoors) {
    this.budgetsOfDoors = budgetsOfDoors;
    this.problemOfStorage = problemOfStorage;
    this.ofDoors = Map.copyOf(ofDoors);
    this.workers = workers;
    this.store = store;
    this.metrics = metrics;
  }

  /** What a door shows it answers itself, by whatever method. */
  @Override
  public void handle(HttpExchange exchange) {
    Optional<HttpHandler> door = ofDoor(exchange.path());
    if (door.isPresent()) {
      door.get().handle(exchange);
    } else if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      exchange.reply(405, List.of(type("text/plain"), ALLOW), Payload.utf8("only GET and HEAD\n"));
    } else {
      answer(exchange);
    }
  }

  private void answer(HttpExchange exchange) {
    switch (exchange.path()) {
      case "/healthz" -> healthy(exchange);
      case "/readyz" -> ready(exchange, store.status());
      case "/metrics" ->
          exchange.reply(
              200, List.of(type("text/plain; version=0.0.4")), Payload.utf8(metrics.page()));
      default -> text(exchange, 404, "here are /healthz, /readyz and /metrics\n");
    }
  }

  private Optional<HttpHandler> ofDoor(String path) {
    int second = path.indexOf('/', 1);
    return Optional.ofNullable(ofDoors.get(second < 0 ? path : path.substring(0, second)));
  }

  /**
   * The first call for a request that a door answers. What else is asked for is answered on a
   * thread.
   */
  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    Optional<HttpHandler> door = ofDoor(exchange.path());
    return door.isPresent() && door.get().handleAtOnce(exchange);
  }

  @Override
  public Optional<String> client(HttpExchange exchange) {
    return ofDoor(exchange.path()).flatMap(door -> door.client(exchange));
  }

  /**
   * What a door shows is on its client's budget at all doors, and not on that of the health of the
   * process, which is told whatever is looked at.
   */
  @Override
  public Optional<Budgets> budgets(HttpExchange exchange) {
    return ofDoor(exchange.path()).map(door -> budgetsOfDoors);
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    ofDoor(exchange.path())
        .ifPresentOrElse(
            door -> door.overLimit(exchange, why),
            () -> text(exchange, 429, why.getMessage() + "\n"));
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    Optional<HttpHandler> door = ofDoor(exchange.path());
    if (door.isPresent()) {
      door.get().bodyTooLarge(exchange, limit);
    } else {
      exchange.replyAndClose(
          413, List.of(type("text/plain")), Payload.utf8("no body is wanted here\n"));
    }
  }

  private void healthy(HttpExchange exchange) {
    Optional<String> died = workers.died();
    if (died.isEmpty()) {
      text(exchange, 200, "ok\n");
    } else {
      text(exchange, 503, "not healthy: " + died.get() + "; restart this process\n");
    }
  }

  private void ready(HttpExchange exchange, StoreStatus status) {
    String problem = problemOfStorage.get();
    if (workers.died().isPresent()) {
      healthy(exchange);
    } else if (status.ready() && problem.isEmpty()) {
      text(exchange, 200, "ok\n");
    } else {
      String reasons =
          Stream.of(status.reason(), problem)
              .filter(reason -> !reason.isEmpty())
              .collect(Collectors.joining("; "));
      text(exchange, 503, "not ready: " + reasons + "\n");
    }
  }

  private static void text(HttpExchange exchange, int status, String text) {
    exchange.reply(status, List.of(type("text/plain")), Payload.utf8(text));
  }

  private static Header type(String type) {
    return new Header("Content-Type", type + (type.contains("=") ? "" : "; charset=utf-8"));
  }
}
