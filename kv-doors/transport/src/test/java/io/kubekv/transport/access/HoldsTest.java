package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rights in use are looked at again and again. */
final class HoldsTest {
  @Test
  void look_thatFails_isTriedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch revoked = new CountDownLatch(1);
    try (Holds holds =
        new Holds(
            task -> {
              if (asked.incrementAndGet() == 1) {
                throw new RejectedExecutionException("as a bug would");
              }
              task.run();
            })) {
      holds.add(() -> false, revoked::countDown);

      holds.every(Duration.ofMillis(1));

      assertThat(revoked.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
