package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.api.ApiCounts;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The API's priority and fairness answers every change with 429 and a second to stay away. */
final class Throttled implements Manner {
  private static final int CLIENTS = 8;
  private static final int SECONDS_AWAY = 1;
  private final Duration length;

  Throttled(Duration length) {
    this.length = length;
  }

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    scene.proxy.treat(
        request ->
            Scene.CHANGES.test(request.call())
                ? Treatment.throttled(SECONDS_AWAY)
                : Treatment.PASS);
    Outcomes outcomes = new Outcomes();
    ApiCounts.Reading reading =
        scene.during(
            () -> Crowd.run(CLIENTS, length, client -> outcomes.add(client.etcdSet(scene))));
    scene.proxy.heal();
    findings.accept(
        Finding.atMost(
            CLIENTS + " clients write into 429: calls a second",
            (double) reading.calls(Scene.CHANGES) / length.toSeconds(),
            CLIENTS / (double) SECONDS_AWAY + 1,
            "a second"));
    findings.accept(
        Finding.of(
            "each write is refused in etcd's own form, and says so",
            outcomes.others.get() == 0,
            outcomes.toString()));
    findings.accept(
        Finding.atMost(
            "after it: time until a write is taken",
            scene.untilWritten("throttled/after", Duration.ofSeconds(20)).toMillis() / 1e3,
            SECONDS_AWAY + 1.0,
            "s"));
  }

  /** What the clients were told. */
  private static final class Outcomes {
    final AtomicInteger refused = new AtomicInteger();
    final AtomicInteger others = new AtomicInteger();

    void add(HttpAnswer answer) {
      boolean inForm = answer.status() >= 500 && answer.body().contains("\"errorCode\"");
      (inForm ? refused : others).incrementAndGet();
    }

    @Override
    public String toString() {
      return refused + " refused, " + others + " other answers";
    }
  }
}
