package io.kubekv.transport.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kubekv.StoreException;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.limits.OverLimitException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out who asks, and gives the request to a dialect that sees no more of the store than that
 * client may. So there is no way through a door that goes by the grants.
 */
public final class GuardedDoor implements HttpHandler {
  private static final int MOST_USERS = 10_000;

  private final Gate gate;
  private final Dialect open;
  private final Function<Access, Dialect> doors;
  private final Cache<User, Dialect> byUser = Caffeine.newBuilder().maximumSize(MOST_USERS).build();

  /**
   * @param open serves what is for everybody, and says no
   * @param doors makes the dialect on what an access allows
   */
  public GuardedDoor(Gate gate, Dialect open, Function<Access, Dialect> doors) {
    this.gate = gate;
    this.open = open;
    this.doors = doors;
  }

  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    Optional<User> user = gate.known(credentials(exchange));
    return user.isPresent() && door(user.get()).handleAtOnce(exchange);
  }

  @Override
  public void handle(HttpExchange exchange) {
    if (open.isForEverybody(exchange)) {
      open.handle(exchange);
      return;
    }
    User user;
    try {
      user = gate.user(credentials(exchange));
    } catch (StoreException nobody) {
      open.refuse(exchange, nobody);
      return;
    }
    door(user).handle(exchange);
  }

  /** Users have a budget each, wherever they come from. */
  @Override
  public Optional<String> client(HttpExchange exchange) {
    return gate.known(credentials(exchange)).map(user -> "user " + user.name());
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    open.overLimit(exchange, why);
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    open.bodyTooLarge(exchange, limit);
  }

  private Dialect door(User user) {
    return byUser.get(user, one -> doors.apply(gate.access(one)));
  }

  private Credentials credentials(HttpExchange exchange) {
    return new Credentials(exchange.clientCertificate(), open.token(exchange));
  }
}
