package io.kubekv.e2e.manners;

import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.RealApi;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The namespace's quota of objects is used up: a real one on a real API server; on the embedded
 * server, which has no quotas, the proxy says what a real one would. Entries of the log take no new
 * objects, so changes go on while there are slots; snapshots and copies of entries do, so the log
 * gets full.
 */
final class FullNamespace implements Manner {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** More than the log has slots. */
  private static final int MOST = 3_000;

  private static final Predicate<ApiCall> MADE =
      Scene.OBJECTS.and(call -> call.verb() == ApiCall.Verb.CREATE);
  private static final Treatment FORBIDDEN =
      new Treatment.Answer(
          403,
          Map.of(),
          """
          {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":\
          "storechunks.kubekv.io \\"c1\\" is forbidden: exceeded quota: full, requested: \
          count/storechunks.kubekv.io=1, used: count/storechunks.kubekv.io=9, limited: \
          count/storechunks.kubekv.io=1","reason":"Forbidden","details":{"kind":"storechunks"},\
          "code":403}
          """);

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    int taken;
    try (Client etcd = scene.etcd()) {
      fill(scene);
      HttpAnswer first = etcd.set("quota/k0", "taken");
      findings.accept(
          Finding.of(
              "quota full: a new key is taken while the log has room",
              first.status() == 201,
              "" + first.status()));
      taken = untilRefused(etcd, findings);
      int listed = etcd.get("/v2/keys/quota/k" + taken + "?quorum=true").status();
      findings.accept(
          Finding.of("nothing of the refused key is there", listed == 404, "" + listed));
    }
    empty(scene);
    findings.accept(
        Finding.atMost(
            "quota raised: time until a new key is taken",
            scene.untilWritten("quota/raised", PATIENCE).toMillis() / 1e3,
            10,
            "s"));
    scene.kubekv.kill();
    scene.kubekv.startAgain();
    try (Client etcd = scene.etcd()) {
      int kept = 0;
      for (int i = 0; i < taken; i++) {
        kept += etcd.get("/v2/keys/quota/k" + i).status() == 200 ? 1 : 0;
      }
      findings.accept(
          Finding.exactly("after kill -9: keys that were acknowledged before", kept, taken));
    }
  }

  /** How many keys were taken. The controller counts what is there in its own time. */
  private static int untilRefused(Client etcd, Consumer<Finding> findings) throws IOException {
    int taken = 1;
    HttpAnswer answer = etcd.set("quota/k" + taken, "taken");
    while (answer.status() < 300 && taken < MOST) {
      taken++;
      answer = etcd.set("quota/k" + taken, "taken");
    }
    findings.accept(
        Finding.of(
            "then it is refused, and the quota named",
            answer.status() == 503 && answer.body().contains("quota"),
            "after " + taken + ": " + answer.status() + " " + answer.body().strip()));
    return taken;
  }

  private static void fill(Scene scene) throws IOException {
    if (scene.api instanceof RealApi real) {
      String hard = "count/keyvalues.kubekv.io=1,count/storechunks.kubekv.io=1";
      real.kubectl("create quota full --hard=" + hard);
      real.kubectl(
          "wait quota/full --for=jsonpath={.status.hard.count/storechunks\\\\.kubekv\\\\.io}=1"
              + " --timeout=30s");
    } else {
      scene.proxy.treat(request -> MADE.test(request.call()) ? FORBIDDEN : Treatment.PASS);
    }
  }

  private static void empty(Scene scene) throws IOException {
    if (scene.api instanceof RealApi real) {
      real.kubectl("delete quota full");
    }
    scene.proxy.heal();
  }
}
