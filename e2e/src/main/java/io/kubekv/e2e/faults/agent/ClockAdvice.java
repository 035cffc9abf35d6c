package io.kubekv.e2e.faults.agent;

import java.time.Duration;
import java.time.Instant;
import net.bytebuddy.asm.Advice;

/** What is put at the end of the methods that read a clock. */
final class ClockAdvice {
  private ClockAdvice() {}

  /** Moves the wall clock. */
  static final class Wall {
    private Wall() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Instant now) {
      now = now.plusNanos(Clock.wall());
    }
  }

  /** Moves the time since boot. */
  static final class Boot {
    private Boot() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Duration passed) {
      passed = passed.plusNanos(Clock.boot());
    }
  }
}
