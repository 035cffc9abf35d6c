package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Somebody puts back a backup of the API's storage: revisions that clients have seen are gone, and
 * will be given again to other changes. The store must say that it is another one.
 */
final class RestoredApi implements Manner {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      etcd.set("restored/kept", "in the backup");
    }
    scene.api.keep();
    scene.follow();
    scene.untilWritten("restored/lost", PATIENCE);
    try (Client etcd = scene.etcd();
        Client watch = scene.etcd()) {
      for (int i = 0; i < 20; i++) {
        etcd.set("restored/lost", "not in the backup " + i);
      }
      String before = clusterId(etcd);
      watch.watch("restored");
      scene.api.restore();
      scene.follow();
      scene.untilWritten("restored-after", PATIENCE);
      findings.accept(
          Finding.of(
              "storage set back: the cluster id is another",
              !before.equals(clusterId(etcd)),
              before + ", then " + clusterId(etcd)));
      String told = watch.event();
      findings.accept(
          Finding.of(
              "a watch is ended, so that its client asks again",
              told.equals("cut") || told.contains("\"errorCode\""),
              told.strip()));
      contents(etcd, findings);
    }
  }

  private static void contents(Client etcd, Consumer<Finding> findings) throws IOException {
    HttpAnswer kept = etcd.get("/v2/keys/restored/kept?quorum=true");
    HttpAnswer lost = etcd.get("/v2/keys/restored/lost?quorum=true");
    findings.accept(
        Finding.of(
            "the contents are the backup's",
            kept.status() == 200 && lost.status() == 404,
            kept.status() + " and " + lost.status()));
  }

  private static String clusterId(Client etcd) throws IOException {
    return etcd.get("/v2/keys/").header("X-Etcd-Cluster-Id").orElse("none");
  }
}
