package io.kubekv.e2e.alerts;

import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A lease that is lost and taken again and again; and a client that wants too many watches. */
final class HolderTroubles implements Group {
  private static final String STORE = "holder";
  private static final int TIMES = 6;

  @Override
  public Set<String> alerts() {
    return Set.of("KubekvHolderChanges", "KubekvLimitsHit");
  }

  @Override
  public void play(Stage stage) throws IOException {
    String[] flags = {
      "--lease-duration", "2s", "--request-timeout", "500ms", "--client-watches", "1"
    };
    try (Subject subject = Subject.start(STORE, stage.place(STORE), stage.folder, flags)) {
      stage.begin(new Rules(STORE, 1, 1_000_000), subject.kubekv.operations());
      stage.provoke(STORE, Set.of("KubekvLimitsHit"), () -> wantMore(subject));
      stage.provoke(STORE, Set.of("KubekvHolderChanges"), () -> loseAgainAndAgain(subject));
    }
  }

  /** One watch is allowed: all others are refused. More than one a second in five minutes. */
  private static void wantMore(Subject subject) throws IOException {
    try (HttpConnection first = HttpConnection.open(subject.kubekv.address())) {
      first.send(watch(subject));
      first.readHead();
      Crowd.run(
          4,
          Duration.ofSeconds(5),
          number -> {
            try (HttpConnection other = HttpConnection.open(subject.kubekv.address())) {
              other.readTimeout(Duration.ofSeconds(20));
              return other.exchange(watch(subject));
            }
          });
    }
  }

  private static byte[] watch(Subject subject) {
    return HttpConnection.request(
        "GET", "/v2/keys/watched?wait=true", subject.kubekv.address(), Map.of(), "");
  }

  private static void loseAgainAndAgain(Subject subject) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      subject.proxy.treat(
          request ->
              request.kind() == ApiRequest.Kind.LEASE
                  ? Treatment.failing(500, "InternalError")
                  : Treatment.PASS);
      while (subject.set("held", "value=1").status() < 500) {
        Waiting.pause(Duration.ofMillis(100));
      }
      subject.heal();
    }
  }
}
