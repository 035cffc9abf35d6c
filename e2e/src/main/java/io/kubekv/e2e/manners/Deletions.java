package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A delete is one call that marks the object, and a second in the background, a minute and a half
 * later, that removes it. Begun before the other manners and ended after them.
 */
final class Deletions {
  private static final int TIMES = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Scene scene;
  private final ApiCounts.Reading before;

  private Deletions(Scene scene, ApiCounts.Reading before) {
    this.scene = scene;
    this.before = before;
  }

  static Deletions begin(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      for (int i = 0; i < TIMES; i++) {
        etcd.set("deletions/k" + i, "soon gone");
      }
      ApiCounts.Reading before = scene.proxy.counts().read();
      for (int i = 0; i < TIMES; i++) {
        etcd.delete("/v2/keys/deletions/k" + i);
      }
      long calls = scene.proxy.counts().read().since(before).calls(Scene.CHANGES);
      findings.accept(Finding.exactly(TIMES + " x delete: calls at once", calls, TIMES));
      return new Deletions(scene, before);
    }
  }

  /** Waits for the removals. Nothing else may delete meanwhile. */
  void end(Consumer<Finding> findings) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (removed() < TIMES && System.nanoTime() < deadline) {
      Waiting.pause(Duration.ofMillis(200));
    }
    findings.accept(
        Finding.exactly(TIMES + " x delete: calls in the background", removed(), TIMES));
  }

  private long removed() {
    return scene
        .proxy
        .counts()
        .read()
        .since(before)
        .calls(Scene.OBJECTS.and(call -> call.verb() == ApiCall.Verb.DELETE));
  }
}
