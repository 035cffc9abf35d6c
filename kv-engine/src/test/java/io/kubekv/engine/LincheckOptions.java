package io.kubekv.engine;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Where every Lincheck test begins. Lincheck calls an invocation "hung" after 30 s by the clock on
 * the wall, and the first one has to wait until the classes it loads are transformed: on a busy
 * machine that alone takes longer. So the limit here is one that only a thread asleep for good
 * reaches.
 */
public final class LincheckOptions {
  static final Duration INVOCATION = Duration.ofMinutes(10);

  private LincheckOptions() {}

  public static ModelCheckingOptions modelChecking() {
    // internal to Kotlin; there is no other way to it
    return new ModelCheckingOptions().invocationTimeout$lincheck(INVOCATION.toMillis());
  }

  public static StressOptions stress() {
    return new StressOptions().invocationTimeout$lincheck(INVOCATION.toMillis());
  }
}
