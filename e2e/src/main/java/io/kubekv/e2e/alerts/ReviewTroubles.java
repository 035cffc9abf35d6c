package io.kubekv.e2e.alerts;

import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.util.Set;

/** An API server that does not say who may do what. */
final class ReviewTroubles implements Group {
  private static final String STORE = "reviews";

  @Override
  public Set<String> alerts() {
    return Set.of("KubekvReviewsFail");
  }

  @Override
  public void play(Stage stage) throws IOException {
    String[] flags = {"--authorization-mode", "Webhook", "--anonymous-auth"};
    try (Subject subject = Subject.start(STORE, stage.place(STORE), stage.folder, flags)) {
      subject.proxy.treat(
          request ->
              request.call().resource().endsWith("reviews")
                  ? Treatment.failing(500, "InternalError")
                  : Treatment.PASS);
      stage.begin(new Rules(STORE, 1, 1_000_000), subject.kubekv.operations());
      stage.provoke(STORE, alerts(), () -> subject.set("asked", "value=1"));
    }
  }
}
