package io.kubekv.etcdv3.gateway;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header {@code Grpc-Timeout} as etcd's gateway reads it (grpc-gateway 2.29, context.go). */
final class Timeout {
  static final String HEADER = "Grpc-Timeout";

  /** As much as counts as no limit. */
  private static final Duration ENDLESS = Duration.ofDays(1000);

  private Timeout() {}

  /** For how long a client waits; empty for as long as it takes. */
  static Optional<Duration> of(String header) throws BadJson {
    int last = header.length() - 1;
    ChronoUnit unit = last < 1 ? null : unit(header.charAt(last));
    try {
      if (unit != null) {
        long amount = Long.parseLong(header.substring(0, last));
        Duration time = Duration.of(amount, unit);
        return amount == 0 || time.compareTo(ENDLESS) > 0 ? Optional.empty() : Optional.of(time);
      }
    } catch (NumberFormatException | ArithmeticException none) {
      // as below
    }
    throw new BadJson("invalid grpc-timeout: " + header);
  }

  private static @Nullable ChronoUnit unit(char letter) {
    return switch (letter) {
      case 'H' -> ChronoUnit.HOURS;
      case 'M' -> ChronoUnit.MINUTES;
      case 'S' -> ChronoUnit.SECONDS;
      case 'm' -> ChronoUnit.MILLIS;
      case 'u' -> ChronoUnit.MICROS;
      case 'n' -> ChronoUnit.NANOS;
      default -> null;
    };
  }
}
