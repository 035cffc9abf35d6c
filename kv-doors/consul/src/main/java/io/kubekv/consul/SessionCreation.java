package io.kubekv.consul;

import io.kubekv.SessionBehavior;
import io.kubekv.SessionSpec;
import io.kubekv.golang.GoDuration;
import io.kubekv.golang.GoDuration.BadDuration;
import java.time.Duration;
import java.util.List;

/**
 * What a session may be, in Consul's order of checks (Consul 1.5,
 * agent/consul/session_endpoint.go).
 */
final class SessionCreation {
  private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofHours(24);

  private final ConsulSettings settings;

  SessionCreation(ConsulSettings settings) {
    this.settings = settings;
  }

  SessionSpec spec(SessionBody body) throws ConsulError {
    if (body.node().orElse(settings.node()).isEmpty()) {
      throw new ConsulError(500, "Must provide Node");
    }
    SessionBehavior behavior = behavior(body.behavior());
    Duration timeToLive = timeToLive(body.timeToLive());
    if (!settings.isNode(body.node().orElse(settings.node()))) {
      throw new ConsulError(500, "Missing node registration");
    }
    for (String check : body.checks().orElse(List.of())) {
      if (!check.equals(AgentHandler.NODE_CHECK)) {
        throw new ConsulError(500, "Missing check '" + check + "' registration");
      }
    }
    SessionSpec spec =
        SessionSpec.random()
            .withName(body.name())
            .withBehavior(behavior)
            .withLockDelay(Duration.ofNanos(Math.max(0, body.lockDelayNanos())));
    return SessionNote.of(body).on(timeToLive.isZero() ? spec : spec.withTimeToLive(timeToLive));
  }

  private static SessionBehavior behavior(String said) throws ConsulError {
    return switch (said) {
      case "", "release" -> SessionBehavior.RELEASE;
      case "delete" -> SessionBehavior.DELETE;
      default -> throw new ConsulError(500, "Invalid Behavior setting '" + said + "'");
    };
  }

  /** Zero: none. */
  private Duration timeToLive(String said) throws ConsulError {
    Duration given;
    try {
      given = Duration.ofNanos(said.isEmpty() ? 0 : GoDuration.parseNanos(said));
    } catch (BadDuration notOne) {
      throw new ConsulError(500, "Session TTL '" + said + "' invalid: " + notOne.getMessage());
    }
    Duration least = settings.shortestTimeToLive();
    boolean allowed = given.compareTo(least) >= 0 && given.compareTo(LONGEST_TIME_TO_LIVE) <= 0;
    if (!given.isZero() && !allowed) {
      String bounds = GoDuration.print(least) + "=" + GoDuration.print(LONGEST_TIME_TO_LIVE);
      throw new ConsulError(
          500, "Invalid Session TTL '" + given.toNanos() + "', must be between [" + bounds + "]");
    }
    return given;
  }
}
