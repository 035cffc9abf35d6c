package io.kubekv.etcdv3.gateway;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.kubekv.StoreException;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.limits.OverLimitException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What etcd 3.6 answers to HTTP on its port: the services as JSON below {@code /v3/}, its version
 * and its health. It stands before another dialect, to which all other paths belong. Thread-safe.
 */
public final class Gateway implements Dialect {
  private static final Set<String> FOR_EVERYBODY =
      Set.of("/v3/auth/authenticate", "/v3/auth/status");
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final byte[] NO_BODY = {};

  private static final Status NOT_FOUND = Status.NOT_FOUND.withDescription("Not Found");
  private static final Status NOT_ALLOWED =
      Status.UNIMPLEMENTED.withDescription("Method Not Allowed");
  private static final Status TOO_LARGE =
      Status.INVALID_ARGUMENT.withDescription("etcdserver: request is too large");

  private final Dialect other;
  private final Routes routes;
  private final Checks checks;
  private final Calls calls;

  /**
   * @param other answers what is not etcd v3's; taken over
   * @param services all of the API, as the caller may use them; they stay the caller's
   */
  public Gateway(Dialect other, List<ServerServiceDefinition> services) {
    this(other, services, new Calls());
  }

  private Gateway(Dialect other, List<ServerServiceDefinition> services, Calls calls) {
    this.other = other;
    this.routes = new Routes(services);
    this.checks = new Checks(routes);
    this.calls = calls;
  }

  /**
   * The same for somebody else. Who closes this one ends what that one has open, too.
   *
   * @param view the other dialect as they see it
   * @param services as they may use them
   */
  public Gateway on(Dialect view, List<ServerServiceDefinition> services) {
    return new Gateway(view, services, calls);
  }

  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    // what begins so and is another path in truth is not taken at once by any dialect
    return exchange.path().startsWith("/v2/") && other.handleAtOnce(exchange);
  }

  @Override
  public Optional<String> client(HttpExchange exchange) {
    return other.client(exchange);
  }

  @Override
  public void handle(HttpExchange exchange) {
    Optional<Target> target = target(exchange);
    if (target.isEmpty()) {
      other.handle(exchange);
    } else if (target.get().moved().isPresent()) {
      Answers.elsewhere(exchange, target.get().moved().get());
    } else if (Checks.has(target.get().path())) {
      checks.answer(exchange, target.get().path());
    } else {
      call(exchange, target.get().path());
    }
  }

  private static Optional<Target> target(HttpExchange exchange) {
    return exchange.method().equals("OPTIONS")
        ? Optional.empty()
        : Target.of(exchange.path(), exchange.query());
  }

  private void call(HttpExchange exchange, String path) {
    Optional<ServerMethodDefinition<?, ?>> method = routes.find(path);
    if (method.isEmpty()) {
      Answers.error(exchange, NOT_FOUND);
    } else if (!exchange.method().equals("POST")) {
      Answers.error(exchange, NOT_ALLOWED);
    } else {
      Optional<String> override = override(exchange);
      if (override.filter(name -> !name.equals("POST")).isPresent()) {
        Answers.error(exchange, NOT_ALLOWED);
      } else {
        calls.answer(exchange, override.isPresent() ? NO_BODY : exchange.body(), method.get());
      }
    }
  }

  /** The method that a form says it stands for; the form is read then, and its body gone. */
  private static Optional<String> override(HttpExchange exchange) {
    boolean form = exchange.header("Content-Type").filter(FORM::equals).isPresent();
    return exchange
        .header("X-HTTP-Method-Override")
        .filter(name -> form && !name.isEmpty())
        .map(name -> name.toUpperCase(Locale.ROOT));
  }

  @Override
  public void refuse(HttpExchange exchange, StoreException why) {
    if (target(exchange).isPresent()) {
      Answers.error(exchange, Failures.of(why));
    } else {
      other.refuse(exchange, why);
    }
  }

  /** etcd's own clients send the token alone, without the word Bearer. */
  @Override
  public Optional<String> token(HttpExchange exchange) {
    if (target(exchange).isEmpty()) {
      return other.token(exchange);
    }
    Optional<String> header = exchange.header("Authorization").map(String::trim);
    return header
        .flatMap(Credentials::token)
        .or(() -> header.filter(text -> !text.isEmpty() && text.indexOf(' ') < 0));
  }

  @Override
  public boolean isForEverybody(HttpExchange exchange) {
    return target(exchange)
        .map(target -> Checks.has(target.path()) || FOR_EVERYBODY.contains(target.path()))
        .orElseGet(() -> other.isForEverybody(exchange));
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    if (target(exchange).isPresent()) {
      Answers.errorAndClose(exchange, TOO_LARGE);
    } else {
      other.bodyTooLarge(exchange, limit);
    }
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    if (target(exchange).isPresent()) {
      Answers.error(
          exchange, Status.RESOURCE_EXHAUSTED.withDescription("kubekv: " + why.getMessage()));
    } else {
      other.overLimit(exchange, why);
    }
  }

  @Override
  public void close() {
    calls.close();
    other.close();
  }
}
