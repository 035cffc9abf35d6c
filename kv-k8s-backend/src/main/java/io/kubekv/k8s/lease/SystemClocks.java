package io.kubekv.k8s.lease;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The clocks of the machine. The first number in {@code /proc/uptime} is CLOCK_BOOTTIME. */
enum SystemClocks implements Clocks {
  INSTANCE;

  private static final Path UPTIME = Path.of("/proc/uptime");

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant wall() {
    return Instant.now();
  }

  @Override
  public Duration sinceBoot() {
    try {
      String uptime = Files.readString(UPTIME);
      BigDecimal seconds = new BigDecimal(uptime.substring(0, uptime.indexOf(' ')));
      return Duration.ofMillis(seconds.movePointRight(3).longValue());
    } catch (IOException | RuntimeException none) {
      return Duration.ofMillis(System.currentTimeMillis());
    }
  }
}
