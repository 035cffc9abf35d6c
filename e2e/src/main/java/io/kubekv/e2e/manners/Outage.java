package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** The API server is gone, and comes back. */
final class Outage implements Manner {
  private final Duration length;

  Outage(Duration length) {
    this.length = length;
  }

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd();
        Client watch = scene.etcd()) {
      etcd.set("outage/before", "kept");
      watch.watch("outage");
      scene.api.kill();
      ApiCounts.Reading gone = scene.during(() -> Waiting.pause(length));
      findings.accept(
          Finding.atMost(
              "API gone for " + length.toSeconds() + " s: calls that try it",
              (double) gone.calls(call -> true) / length.toSeconds(),
              5,
              "a second (" + gone + ")"));
      refused(etcd, findings);
      scene.api.start();
      scene.follow();
      findings.accept(
          Finding.atMost(
              "API back: time until a write is taken",
              scene.untilWritten("outage/after", Duration.ofSeconds(60)).toMillis() / 1e3,
              15,
              "s"));
      String brought = watch.event();
      findings.accept(
          Finding.of(
              "a watch from before brings that write, or ends, so that its client asks again",
              brought.equals("cut") || brought.contains("\"key\":\"/outage/after\""),
              brought.equals("cut") ? "ends: the API has forgotten what was before" : "brings it"));
      findings.accept(
          Finding.of("what was there is there", kept(etcd), "outage/before reads as before"));
    }
  }

  private static void refused(Client etcd, Consumer<Finding> findings) throws IOException {
    HttpAnswer read = etcd.get("/v2/keys/outage/before?quorum=true");
    findings.accept(
        Finding.of(
            "a linearizable read is refused in etcd's form, not answered from memory",
            read.status() >= 500 && read.body().contains("\"errorCode\""),
            read.status() + " " + read.body().strip()));
  }

  private static boolean kept(Client etcd) throws IOException {
    return etcd.get("/v2/keys/outage/before?quorum=true").body().contains("\"value\":\"kept\"");
  }
}
