package io.kubekv.transport.requests;

import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Surroundings;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import org.jspecify.annotations.Nullable;

/** One request of a door that speaks HTTP: its id, its span, and what is counted at its end. */
final class ObservedRequest implements Surroundings {
  static final String WATCH = "watch";

  private final HttpExchange exchange;
  private final RequestMeters meters;
  private final Tracer.Span span;
  private final @Nullable String trace;
  private final String id;

  ObservedRequest(String door, HttpExchange exchange, RequestMeters meters, Tracer tracer) {
    this.exchange = exchange;
    this.meters = meters;
    String parent = exchange.header(RequestIds.TRACE).orElse(null);
    this.span = tracer.begin(door, verb(exchange), exchange.path(), parent);
    this.trace = span.parent();
    this.id =
        RequestIds.of(
            exchange.header(RequestIds.HEADER).orElse(null), trace == null ? parent : trace);
  }

  @Override
  public Runnable around(Runnable task) {
    return () -> within(task);
  }

  /** Does something for the request, on this thread. */
  void within(Runnable task) {
    RequestIds.within(id, trace, task);
  }

  @Override
  public void answered(int status) {
    String verb = exchange.isParked() ? WATCH : verb(exchange);
    Outcome outcome = outcome(status);
    meters.record(verb, outcome, System.nanoTime() - exchange.begun());
    span.end(verb, outcome);
  }

  private static String verb(HttpExchange exchange) {
    return switch (exchange.method()) {
      case "GET", "HEAD" -> "get";
      case "PUT" -> "put";
      case "POST" -> "post";
      case "DELETE" -> "delete";
      default -> RequestMeters.OTHER;
    };
  }

  private static Outcome outcome(int status) {
    if (status < 400) {
      return Outcome.DONE;
    }
    return status < 500 ? Outcome.REFUSED : Outcome.FAILED;
  }
}
