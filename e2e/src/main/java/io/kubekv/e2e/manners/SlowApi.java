package io.kubekv.e2e.manners;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/** Every call about an object takes half a second more: writes wait for it, reads do not. */
final class SlowApi implements Manner {
  private static final Duration DELAY = Duration.ofMillis(500);
  private static final int TIMES = 10;

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    scene.proxy.treat(
        request ->
            Scene.OBJECTS.test(request.call())
                ? new Treatment.Delay(DELAY.toMillis())
                : Treatment.PASS);
    try (Client etcd = scene.etcd()) {
      double puts = median(i -> etcd.set("slow/k" + i, "patience").status());
      double gets = median(i -> etcd.get("/v2/keys/slow/k" + i + "?quorum=true").status());
      findings.accept(
          Finding.atMost(
              "API slower by " + DELAY.toMillis() + " ms: a write takes", puts, 1000, "ms"));
      findings.accept(Finding.atMost("a linearizable read takes", gets, 50, "ms"));
    } finally {
      scene.proxy.heal();
    }
  }

  private static double median(Step step) throws IOException {
    double[] times = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long began = System.nanoTime();
      int status = step.run(i);
      times[i] = (System.nanoTime() - began) / 1e6;
      if (status >= 300) {
        throw new IOException("a request to a slow API was answered " + status);
      }
    }
    return Check.median(Arrays.stream(times).toArray());
  }

  /** One request; answers its status. */
  @FunctionalInterface
  private interface Step {
    int run(int number) throws IOException;
  }
}
