package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A delete is one call that is waited for, an entry of the log; the object that showed the key goes
 * in the background.
 */
final class Deletions implements Manner {
  private static final int TIMES = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      ApiCounts.Reading before = scene.proxy.counts().read();
      for (int i = 0; i < TIMES; i++) {
        etcd.set("deletions/k" + i, "soon gone");
      }
      findings.accept(told("shown", scene, before, ApiCall.Verb.CREATE));
      before = scene.proxy.counts().read();
      for (int i = 0; i < TIMES; i++) {
        etcd.delete("/v2/keys/deletions/k" + i);
      }
      long calls = scene.proxy.counts().read().since(before).calls(Scene.ENTRIES);
      findings.accept(Finding.exactly(TIMES + " x delete: calls that it waits for", calls, TIMES));
      findings.accept(told("removed", scene, before, ApiCall.Verb.DELETE));
    }
  }

  /** Waits until the view has come so far. The directory is shown, too. */
  private static Finding told(
      String what, Scene scene, ApiCounts.Reading before, ApiCall.Verb verb) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    ApiCounts.Reading since = scene.proxy.counts().read().since(before);
    while (objects(since, verb) < TIMES && System.nanoTime() < deadline) {
      Waiting.pause(Duration.ofMillis(200));
      since = scene.proxy.counts().read().since(before);
    }
    return Finding.of(
        TIMES + " objects are " + what + " in the background",
        objects(since, verb) >= TIMES,
        since.toString());
  }

  private static long objects(ApiCounts.Reading since, ApiCall.Verb verb) {
    return since.calls(Scene.SHOWN.and(call -> call.verb() == verb));
  }
}
