package io.kubekv.e2e.manners;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.api.ApiCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Very many keys exist: what a start asks of the API then, and what an operation costs. */
final class ManyKeys implements Manner {
  private static final int WRITERS = 64;

  /** A chunk of a snapshot has some 128 KiB, a page of the log 32 entries. */
  private static final int PER_CALL = 100;

  private final int keys;

  ManyKeys(int keys) {
    this.keys = keys;
  }

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    long began = System.nanoTime();
    write(scene);
    double seconds = (System.nanoTime() - began) / 1e9;
    findings.accept(Finding.told(keys + " keys written", "%.0f a second", keys / seconds));
    scene.kubekv.kill();
    ApiCounts.Reading start = scene.during(scene.kubekv::startAgain);
    long reads = start.calls(Scene.ENTRIES.or(Scene.SNAPSHOTS).and(call -> !call.changes()));
    findings.accept(
        Finding.told(
            "a start: time until it serves, the former holder's lease included",
            "%.1f s",
            scene.kubekv.readyAfter().toMillis() / 1e3));
    findings.accept(
        Finding.atMost(
            "a start: calls that read snapshot and log",
            reads,
            keys / (double) PER_CALL,
            "calls (" + start + ")"));
    try (Client etcd = scene.etcd()) {
      ApiCounts.Reading put = scene.during(() -> etcd.set("many/0/k0", "again"));
      findings.accept(Finding.exactly("a write among them: calls", put.calls(Scene.ENTRIES), 1));
      HttpAnswer read = etcd.get("/v2/keys/many/0/k0?quorum=true");
      findings.accept(
          Finding.of(
              "and it is read", read.body().contains("\"value\":\"again\""), "" + read.status()));
    }
  }

  private void write(Scene scene) throws IOException {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> ends = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        ends.add(threads.submit(() -> write(scene, next)));
      }
      for (Future<Integer> end : ends) {
        end.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("a writer failed", failed.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private int write(Scene scene, AtomicInteger next) throws IOException {
    int written = 0;
    try (Client etcd = scene.etcd()) {
      for (int key = next.getAndIncrement(); key < keys; key = next.getAndIncrement()) {
        HttpAnswer answer = etcd.set("many/" + key / 1000 + "/k" + key % 1000, "value " + key);
        if (answer.status() >= 300) {
          throw new IOException("key " + key + " was answered " + answer.status());
        }
        if (key % 10_000 == 9_999) {
          Check.say("    %d keys are there", key + 1);
        }
        written++;
      }
    }
    return written;
  }
}
