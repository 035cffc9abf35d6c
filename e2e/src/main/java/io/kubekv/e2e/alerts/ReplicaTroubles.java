package io.kubekv.e2e.alerts;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.util.Set;

/** Two replicas, of which the holder stands still, and the other one goes away. */
final class ReplicaTroubles implements Group {
  private static final String STORE = "replicas";

  @Override
  public Set<String> alerts() {
    return Set.of("KubekvReplicaNotReady", "KubekvReplicaBehind", "KubekvTooFewReplicas");
  }

  @Override
  public void play(Stage stage) throws IOException {
    Places.Place place = stage.place(STORE);
    String[] flags = {"--lease-duration", "60s"};
    try (StoreProcess holder = StoreProcess.on(place.kubeconfig(), place.namespace(), flags);
        StoreProcess follower = StoreProcess.on(place.kubeconfig(), place.namespace(), flags)) {
      stage.begin(new Rules(STORE, 2, 1_000_000), holder.operations(), follower.operations());
      stage.provoke(
          STORE,
          Set.of("KubekvReplicaNotReady", "KubekvReplicaBehind"),
          () -> signal("STOP", holder));
      signal("CONT", holder);
      stage.provoke(STORE, Set.of("KubekvTooFewReplicas"), follower::kill);
    }
  }

  private static void signal(String name, StoreProcess process) throws IOException {
    String pid = Long.toString(process.server().pid());
    try {
      int code = new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
      if (code != 0) {
        throw new IOException("kill -" + name + " " + pid + " ended with " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
