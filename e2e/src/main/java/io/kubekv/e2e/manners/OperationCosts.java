package io.kubekv.e2e.manners;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What one operation of a client costs the API server: calls and bytes. */
final class OperationCosts implements Manner {
  private static final int TIMES = 100;
  private static final int WATCHERS = 500;
  private final Duration idle;

  /**
   * @param idle how long the store is left alone to see what it does then
   */
  OperationCosts(Duration idle) {
    this.idle = idle;
  }

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd();
        Client consul = scene.consul()) {
      requireStored(etcd.set("costs/first", "makes the directory").status());
      changes(scene, etcd, consul, findings);
      reads(scene, etcd, consul, findings);
    }
    watches(scene, findings);
    idle(scene, findings);
  }

  private void changes(Scene scene, Client etcd, Client consul, Consumer<Finding> findings)
      throws IOException {
    perOperation(scene, "etcd v2 set", 1, findings, i -> etcd.set("costs/k" + i, "v".repeat(100)));
    perOperation(
        scene,
        "etcd v2 compare-and-swap",
        1,
        findings,
        i -> etcd.put("/v2/keys/costs/k" + i + "?prevExist=true", "value=other"));
    perOperation(
        scene, "etcd v2 refresh", 1, findings, i -> etcd.put(refresh(i), "ttl=600&refresh=true"));
    perOperation(
        scene,
        "etcd v2 set with three missing parents",
        4,
        findings,
        i -> etcd.set("costs-" + i + "/b/c/d", "deep"));
    perOperation(scene, "Consul PUT", 1, findings, i -> consul.put("/v1/kv/flat/k" + i, "v"));
  }

  private static String refresh(int key) {
    return "/v2/keys/costs/k" + key + "?prevExist=true";
  }

  private void reads(Scene scene, Client etcd, Client consul, Consumer<Finding> findings)
      throws IOException {
    perOperation(
        scene, "etcd v2 quorum GET", 0, findings, i -> etcd.get("/v2/keys/costs/k1?quorum=true"));
    perOperation(
        scene,
        "etcd v2 recursive GET",
        0,
        findings,
        i -> etcd.get("/v2/keys/costs?recursive=true"));
    perOperation(scene, "Consul GET", 0, findings, i -> consul.get("/v1/kv/flat/k1?consistent"));
  }

  private void watches(Scene scene, Consumer<Finding> findings) throws IOException {
    List<Client> watchers = new ArrayList<>();
    try {
      ApiCounts.Reading reading =
          scene.during(
              () -> {
                for (int i = 0; i < WATCHERS; i++) {
                  watchers.add(scene.etcd().watch("costs"));
                }
              });
      findings.accept(
          Finding.exactly(
              WATCHERS + " watches: calls about objects", reading.calls(Scene.OBJECTS), 0));
      findings.accept(
          Finding.exactly("watch streams of this replica", scene.proxy.counts().openWatches(), 1));
    } finally {
      for (Client watcher : watchers) {
        watcher.close();
      }
    }
  }

  private void idle(Scene scene, Consumer<Finding> findings) throws IOException {
    ApiCounts.Reading reading = scene.during(() -> Waiting.pause(idle));
    findings.accept(
        Finding.exactly(
            "idle for " + idle.toSeconds() + " s: calls about objects",
            reading.calls(Scene.OBJECTS),
            0));
    findings.accept(
        Finding.atMost(
            "idle: renewals of the Lease each second",
            (double) reading.calls(call -> true) / idle.toSeconds(),
            0.6,
            "a second (" + reading + ")"));
  }

  private static void perOperation(
      Scene scene, String name, int bar, Consumer<Finding> findings, Operation operation)
      throws IOException {
    ApiCounts.Reading reading =
        scene.during(
            () -> {
              for (int i = 0; i < TIMES; i++) {
                int status = operation.run(i).status();
                if (status >= 300) {
                  throw new IOException(name + " was answered " + status);
                }
              }
            });
    long calls = reading.calls(Scene.OBJECTS);
    findings.accept(Finding.exactly(TIMES + " x " + name + ": calls", calls, (long) bar * TIMES));
    findings.accept(
        Finding.told(
            "  bytes of bodies each, both ways, the event included",
            "%.0f",
            (double) reading.bytes(Scene.OBJECTS) / TIMES));
  }

  private static void requireStored(int status) throws IOException {
    if (status >= 300) {
      throw new IOException("the first set was answered " + status);
    }
    Check.say("  what each operation costs:");
  }

  /** One operation; the number tells them apart. */
  @FunctionalInterface
  private interface Operation {
    io.kubekv.e2e.HttpAnswer run(int number) throws IOException;
  }
}
