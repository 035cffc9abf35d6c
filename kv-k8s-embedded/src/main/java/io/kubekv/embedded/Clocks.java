package io.kubekv.embedded;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The wall clock, as the API shows it. */
record Clocks(InstantSource wall) {

  long millis() {
    return wall.millis();
  }

  /** Now in whole seconds, as in creationTimestamp. */
  String timestamp() {
    Instant now = wall.instant().truncatedTo(ChronoUnit.SECONDS);
    return now.toString();
  }
}
