package io.kubekv.e2e.alerts;

import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;

/** What may befall log, snapshot and view in the API. */
final class LogTroubles implements Group {
  private static final String STORE = "logged";

  /** More than a log has slots. */
  private static final int PUTS_AT_MOST = 5_000;

  private static final Function<ApiRequest, Treatment> NO_VIEW = refusing(Set.of("keyvalues"));
  private static final Function<ApiRequest, Treatment> NO_SNAPSHOT =
      refusing(Set.of("storechunks", "storemanifests"));

  @Override
  public Set<String> alerts() {
    return Set.of("KubekvViewLate", "KubekvSnapshotLate", "KubekvLogFull", "KubekvLogHarmed");
  }

  private static Function<ApiRequest, Treatment> refusing(Set<String> resources) {
    return request ->
        request.kind() == ApiRequest.Kind.CHANGE && resources.contains(request.call().resource())
            ? Treatment.failing(500, "InternalError")
            : Treatment.PASS;
  }

  @Override
  public void play(Stage stage) throws IOException {
    String[] flags = {"--lease-duration", "2s", "--request-timeout", "2s"};
    try (Subject subject = Subject.start(STORE, stage.place(STORE), stage.folder, flags)) {
      stage.begin(new Rules(STORE, 1, 1_000_000), subject.kubekv.operations());
      stage.provoke(
          STORE,
          Set.of("KubekvViewLate"),
          () -> {
            subject.proxy.treat(NO_VIEW);
            subject.set("late", "value=1");
          });
      subject.heal();
      stage.provoke(STORE, Set.of("KubekvSnapshotLate", "KubekvLogFull"), () -> fill(subject));
      // past the proxy, by an administrator; without snapshots it cannot be mended
      stage.provoke(
          STORE,
          Set.of("KubekvLogHarmed"),
          () -> subject.api().send("DELETE", subject.objects("storelogs") + "/log-00000", ""));
      subject.heal();
    }
  }

  /** Until the log takes no more, since no snapshot can be written. */
  private static void fill(Subject subject) throws IOException {
    subject.proxy.treat(NO_SNAPSHOT);
    for (int put = 0; put < PUTS_AT_MOST; put++) {
      if (subject.set("filled", "value=" + put).status() >= 300) {
        return;
      }
    }
    throw new IOException("the log takes more than " + PUTS_AT_MOST + " entries");
  }
}
