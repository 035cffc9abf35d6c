package io.kubekv.transport.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.Origin;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.tls.FailedHandshakes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where each connection comes from, and how many there are. gRPC lets nobody close one as it comes:
 * one too many stays, and its calls are refused until there is room for it. Thread-safe.
 */
final class Connections extends ServerTransportFilter {
  private static final Attributes.Key<Link> LINK = Attributes.Key.create("kubekv-link");

  private final Budgets budgets;
  private final GrpcSettings settings;
  private final Map<String, Integer> admitted = new HashMap<>();
  private int admittedOfAll;
  private final FailedHandshakes failed = new FailedHandshakes("gRPC");
  private int open;

  /** One connection. */
  final class Link {
    private final String origin;
    private final Budget budget;
    private volatile boolean served;

    Link(String origin, Budget budget) {
      this.origin = origin;
      this.budget = budget;
    }

    /** Of whoever has no other name. */
    Budget budget() {
      return budget;
    }

    /**
     * Returns when it is one of those that are served.
     *
     * @throws OverLimitException when it is one too many
     */
    void require() {
      if (!served) {
        admit(this);
      }
    }
  }

  Connections(Budgets budgets, GrpcSettings settings) {
    this.budgets = budgets;
    this.settings = settings;
  }

  /** The connection that a call comes by. */
  static Link of(ServerCall<?, ?> call) {
    return Objects.requireNonNull(call.getAttributes().get(LINK), "a call without a connection");
  }

  synchronized int open() {
    return open;
  }

  /** Connections that ended before anything could be asked on them. */
  long failedHandshakes() {
    return failed.count();
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    String origin = Origin.of(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    synchronized (this) {
      open++;
    }
    return attributes.toBuilder().set(LINK, new Link(origin, budgets.of(origin))).build();
  }

  private synchronized void admit(Link link) {
    if (link.served) {
      return;
    }
    if (admitted.getOrDefault(link.origin, 0) >= settings.connectionsOfClient()) {
      throw tooMany(
          Limit.CLIENT_CONNECTIONS, "from " + link.origin, settings.connectionsOfClient());
    }
    if (admittedOfAll >= settings.connections()) {
      throw tooMany(Limit.CONNECTIONS, "here", settings.connections());
    }
    admitted.merge(link.origin, 1, Integer::sum);
    admittedOfAll++;
    link.served = true;
  }

  private OverLimitException tooMany(Limit limit, String where, int allowed) {
    budgets.hits().refused(limit);
    return new OverLimitException(
        limit,
        "too many connections are open " + where + ": at most " + allowed + "; close some first");
  }

  /**
   * Must not fail, or gRPC keeps the connection for ever.
   *
   * @param attributes null when it ended before it was ready
   */
  @Override
  public void transportTerminated(@Nullable Attributes attributes) {
    Optional<String> reason = ConnectionLog.takeReason();
    Link link = attributes == null ? null : attributes.get(LINK);
    if (link == null) {
      failed.add(reason.orElse("its client closed it"));
    } else {
      left(link);
    }
  }

  private synchronized void left(Link link) {
    open--;
    if (link.served) {
      admittedOfAll--;
      admitted.computeIfPresent(link.origin, (origin, count) -> count == 1 ? null : count - 1);
    }
  }
}
