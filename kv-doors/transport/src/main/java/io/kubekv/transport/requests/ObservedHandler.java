package io.kubekv.transport.requests;

import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.limits.OverLimitException;
import java.util.Optional;
import java.util.Set;

/**
 * A door that speaks HTTP, whose requests are counted and followed, and whose lines in the log say
 * to which request they belong.
 */
public final class ObservedHandler implements HttpHandler {
  private static final Set<String> VERBS =
      Set.of("get", "put", "post", "delete", ObservedRequest.WATCH);

  private final String door;
  private final HttpHandler handler;
  private final RequestMeters meters;
  private final Tracer tracer;

  /**
   * @param door its name in {@code /metrics}
   */
  public ObservedHandler(String door, HttpHandler handler, Observation observation) {
    this.door = door;
    this.handler = handler;
    this.meters = new RequestMeters(door, VERBS, observation.registry());
    this.tracer = observation.tracer();
  }

  /** The first call for a request. */
  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    ObservedRequest request = begin(exchange);
    AtOnce attempt = new AtOnce(handler, exchange);
    request.within(attempt);
    return attempt.taken;
  }

  private ObservedRequest begin(HttpExchange exchange) {
    ObservedRequest request = new ObservedRequest(door, exchange, meters, tracer);
    exchange.surround(request);
    return request;
  }

  private static final class AtOnce implements Runnable {
    private final HttpHandler handler;
    private final HttpExchange exchange;
    private boolean taken;

    AtOnce(HttpHandler handler, HttpExchange exchange) {
      this.handler = handler;
      this.exchange = exchange;
    }

    /** Fails in here, so that the log says of which request. */
    @Override
    public void run() {
      try {
        taken = handler.handleAtOnce(exchange);
      } catch (OverLimitException over) {
        handler.overLimit(exchange, over);
        taken = true;
      } catch (RuntimeException unexpected) {
        exchange.fail(unexpected);
        taken = true;
      }
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    exchange.surrounded(
        () -> {
          try {
            handler.handle(exchange);
          } catch (OverLimitException over) {
            handler.overLimit(exchange, over);
          } catch (RuntimeException unexpected) {
            exchange.fail(unexpected);
          }
        });
  }

  @Override
  public Optional<String> client(HttpExchange exchange) {
    return handler.client(exchange);
  }

  /** Before its turn has come, so it begins here. */
  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    begin(exchange).within(() -> handler.overLimit(exchange, why));
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    begin(exchange).within(() -> handler.bodyTooLarge(exchange, limit));
  }
}
