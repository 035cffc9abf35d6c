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

/**
 * The namespace's quota of objects is used up: a real one on a real API server; on the embedded
 * server, which has no quotas, the proxy says what a real one would.
 */
final class FullNamespace implements Manner {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Treatment FORBIDDEN =
      new Treatment.Answer(
          403,
          Map.of(),
          """
          {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":\
          "keyvalues.kubekv.io \\"k1\\" is forbidden: exceeded quota: full, requested: \
          count/keyvalues.kubekv.io=1, used: count/keyvalues.kubekv.io=9, limited: \
          count/keyvalues.kubekv.io=1","reason":"Forbidden","details":{"kind":"keyvalues"},\
          "code":403}
          """);

  @Override
  public void examine(Scene scene, Consumer<Finding> findings) throws IOException {
    try (Client etcd = scene.etcd()) {
      etcd.set("quota/there", "before");
      fill(scene);
      HttpAnswer refused = untilRefused(etcd);
      findings.accept(
          Finding.of(
              "quota full: a new key is refused, and the quota named",
              refused.status() >= 400 && refused.body().contains("quota"),
              refused.status() + " " + refused.body().strip()));
      HttpAnswer replaced = etcd.set("quota/there", "after");
      findings.accept(
          Finding.of(
              "a key that is there can be written",
              replaced.status() == 200,
              "" + replaced.status()));
      int listed = etcd.get("/v2/keys/quota/new").status();
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
  }

  /** The controller counts what is there in its own time: until then the key can be made. */
  private static HttpAnswer untilRefused(Client etcd) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpAnswer answer = etcd.set("quota/new", "too much");
    while (answer.status() < 300 && System.nanoTime() < deadline) {
      etcd.delete("/v2/keys/quota/new");
      answer = etcd.set("quota/new", "too much");
    }
    return answer;
  }

  private static void fill(Scene scene) throws IOException {
    if (scene.api instanceof RealApi real) {
      real.kubectl("create quota full --hard=count/keyvalues.kubekv.io=1");
      real.kubectl(
          "wait quota/full --for=jsonpath={.status.hard.count/keyvalues\\\\.kubekv\\\\.io}=1"
              + " --timeout=30s");
    } else {
      scene.proxy.treat(
          request ->
              Scene.OBJECTS.test(request.call()) && request.call().verb() == ApiCall.Verb.CREATE
                  ? FORBIDDEN
                  : Treatment.PASS);
    }
  }

  private static void empty(Scene scene) throws IOException {
    if (scene.api instanceof RealApi real) {
      real.kubectl("delete quota full");
    }
    scene.proxy.heal();
  }
}
