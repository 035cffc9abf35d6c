package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Somebody puts back a backup of the API's storage. A kubekv that runs has in memory what the
 * backup lacks, takes it for damage and writes it anew: nothing that was acknowledged is lost.
 */
final class RestoredApi implements Manner {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TIMES = 20;

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      etcd.set("restored/kept", "in the backup");
    }
    scene.api.keep();
    scene.follow();
    scene.untilWritten("restored/later", PATIENCE);
    whileItRuns(scene, findings);
  }

  private static void whileItRuns(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd();
        Client watch = scene.etcd()) {
      for (int i = 1; i <= TIMES; i++) {
        etcd.set("restored/later", "not in the backup " + i);
      }
      String before = clusterId(etcd);
      watch.watch("restored");
      scene.api.restore();
      scene.follow();
      findings.accept(
          Finding.atMost(
              "storage set back under kubekv: time until a write is taken",
              scene.untilWritten("restored/again", PATIENCE).toMillis() / 1e3,
              15,
              "s"));
      String later = etcd.get("/v2/keys/restored/later?quorum=true").body();
      findings.accept(
          Finding.of(
              "what was acknowledged is there",
              later.contains("\"value\":\"not in the backup " + TIMES + "\""),
              later.strip()));
      findings.accept(
          Finding.of(
              "it is the same store", before.equals(clusterId(etcd)), "cluster id " + before));
      String told = watch.event();
      findings.accept(
          Finding.of(
              "a watch brings the next write, or ends, so that its client asks again",
              told.equals("cut") || told.contains("\"key\":\"/restored/again\""),
              told.strip()));
    }
  }

  private static String clusterId(Client etcd) throws IOException {
    return etcd.get("/v2/keys/").header("X-Etcd-Cluster-Id").orElse("none");
  }
}
