package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Values of 500 KB, put until they are refused; then a restart, and a look at all that was taken.
 */
final class Fill implements Attack {
  private static final int VALUES = 592;
  private static final int BYTES = 500_000;
  private static final int FIRST_SOURCE = 1_000;

  /** What a heap of live objects may at most be, of all there is: the rest is for work. */
  private static final double LIVE = 0.8;

  @Override
  public String name() {
    return "fill";
  }

  @Override
  public String about() {
    return VALUES + " puts of 500 KB, until they are refused";
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    try (Victim victim = Victim.open(rig.folder(name()))) {
      Rig.fill(victim);
      rig.warmUp(victim);
      Map<String, String> taken = new ConcurrentHashMap<>();
      AtomicReference<String> refusal = new AtomicReference<>("");
      long most = (long) (LIVE * victim.memory().limit());
      rig.beside(victim, most, () -> fill(victim, taken, refusal), findings);
      findings.accept(Finding.told("values that were taken", "%d", taken.size()));
      boolean named = refusal.get().contains("store size is") || taken.size() == VALUES;
      findings.accept(Finding.of("the refusal names the limit", named, refusal.get()));
      restart(victim, taken, findings);
    }
  }

  private static void fill(
      Victim victim, Map<String, String> taken, AtomicReference<String> refusal)
      throws IOException {
    Workers.all(
        4,
        VALUES,
        number -> {
          if (!refusal.get().isEmpty() || !victim.lives()) {
            return;
          }
          String value = Seed.value(number, BYTES);
          String key = "fill/k" + number;
          HttpAnswer answer = Seed.put(victim.process.address(), FIRST_SOURCE + number, key, value);
          if (answer.status() < 300) {
            taken.put(key, value);
          } else {
            refusal.set(answer.status() + " " + answer.body().strip());
          }
        });
  }

  private static void restart(Victim victim, Map<String, String> taken, Consumer<Finding> findings)
      throws IOException {
    if (victim.lives()) {
      victim.process.terminate();
    } else {
      victim.process.kill();
    }
    Duration ready = victim.process.startAgain();
    victim.started();
    findings.accept(Finding.told("started again", "in %.1f s", ready.toMillis() / 1e3));
    long wrong = new Memorised(taken).wrong(victim) + victim.wrong();
    findings.accept(Finding.exactly("wrong or missing after the restart", wrong, 0));
    findings.accept(
        Finding.of("deletes make room", makesRoom(victim, taken), "a put after ten deletes"));
  }

  private static boolean makesRoom(Victim victim, Map<String, String> taken) throws IOException {
    try (HttpConnection connection = victim.connect()) {
      connection.readTimeout(Duration.ofSeconds(30));
      for (String key : taken.keySet().stream().limit(10).toList()) {
        connection.exchange(
            HttpConnection.request(
                "DELETE", "/v2/keys/" + key, victim.process.address(), Map.of(), ""));
      }
    }
    for (int i = 0; i < 20; i++) {
      String value = Seed.value(i, BYTES);
      if (Seed.put(victim.process.address(), 3_000 + i, "fill/after", value).status() < 300) {
        return true;
      }
      Waiting.pause(Duration.ofSeconds(1));
    }
    return false;
  }
}
