package io.kubekv.e2e.manners;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What one operation of a client costs the API server: the calls that it waits for, and their
 * bytes. What the view and the copies of entries cost beside it happens in the background.
 */
final class OperationCosts implements Manner {
  private static final int TIMES = 100;
  private static final int WATCHERS = 500;

  /** One of the log, one of the view. */
  private static final int STREAMS = 2;

  /** How far apart records of the time are while long times to live run. */
  private static final double SECONDS_OF_A_RECORD = 2.5;

  /**
   * How often an operation is tried that took more calls than it should. On a slow machine
   * something else may come between: an answer that is late, a watch that is opened again. What an
   * operation always costs shows each time.
   */
  private static final int TRIES = 3;

  private final Duration idle;

  /**
   * @param idle how long the store is left alone to see what it does then
   */
  OperationCosts(Duration idle) {
    this.idle = idle;
  }

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      requireStored(etcd.set("costs/first", "makes the directory").status());
      changes(scene, etcd, findings);
    }
    try (Client consul = scene.consul()) {
      perOperation(scene, "Consul PUT", 1, findings, i -> consul.put("/v1/kv/flat/k" + i, "v"));
    }
    scene.awaitQuiet();
    reads(scene, findings);
    watches(scene, findings);
    idle(scene, findings);
  }

  private void changes(Scene scene, Client etcd, Consumer<Finding> findings) throws IOException {
    perOperation(scene, "etcd v2 set", 1, findings, i -> etcd.set("costs/k" + i, "v".repeat(100)));
    perOperation(
        scene,
        "etcd v2 compare-and-swap",
        1,
        findings,
        i -> etcd.put("/v2/keys/costs/k" + i + "?prevExist=true", "value=other"));
    refreshes(scene, etcd, findings);
    AtomicInteger parents = new AtomicInteger();
    perOperation(
        scene,
        "etcd v2 set with three missing parents",
        1,
        findings,
        i -> etcd.set("costs-" + parents.incrementAndGet() + "/b/c/d", "deep"));
  }

  /** While a time to live runs, the holder also records now and then how far it is. */
  private static void refreshes(Scene scene, Client etcd, Consumer<Finding> findings)
      throws IOException {
    long began = System.nanoTime();
    ApiCounts.Reading reading =
        times(scene, "etcd v2 refresh", i -> etcd.put(refresh(i), "ttl=600&refresh=true"));
    double seconds = (System.nanoTime() - began) / 1e9;
    findings.accept(
        Finding.atMost(
            TIMES + " x etcd v2 refresh: calls, records of the time among them",
            reading.calls(Scene.ENTRIES),
            TIMES + 1 + seconds / SECONDS_OF_A_RECORD,
            "calls"));
    times(scene, "etcd v2 set", i -> etcd.set("costs/k" + i, "for ever"));
  }

  private static String refresh(int key) {
    return "/v2/keys/costs/k" + key + "?prevExist=true";
  }

  private void reads(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      perOperation(
          scene, "etcd v2 quorum GET", 0, findings, i -> etcd.get("/v2/keys/costs/k1?quorum=true"));
      perOperation(
          scene,
          "etcd v2 recursive GET",
          0,
          findings,
          i -> etcd.get("/v2/keys/costs?recursive=true"));
    }
    try (Client consul = scene.consul()) {
      perOperation(scene, "Consul GET", 0, findings, i -> consul.get("/v1/kv/flat/k1?consistent"));
    }
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
          Finding.exactly(
              "watch streams of this replica: log and view",
              scene.proxy.counts().openWatches(),
              STREAMS));
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
    Predicate<ApiCall> which = bar == 0 ? Scene.OBJECTS : Scene.ENTRIES;
    long wanted = (long) bar * TIMES;
    ApiCounts.Reading reading = times(scene, name, operation);
    for (int i = 1; i < TRIES && reading.calls(which) > wanted; i++) {
      findings.accept(Finding.told("  more calls than there should be, once more", "%s", reading));
      reading = times(scene, name, operation);
    }
    findings.accept(
        Finding.exactly(
            TIMES + " x " + name + ": calls that it waits for", reading.calls(which), wanted));
    findings.accept(
        Finding.told(
            "  bytes of bodies each, both ways, the event included",
            "%.0f",
            (double) reading.bytes(Scene.ENTRIES) / TIMES));
  }

  private static ApiCounts.Reading times(Scene scene, String name, Operation operation)
      throws IOException {
    return scene.during(
        () -> {
          for (int i = 0; i < TIMES; i++) {
            int status = operation.run(i).status();
            if (status >= 300) {
              throw new IOException(name + " was answered " + status);
            }
          }
        });
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
