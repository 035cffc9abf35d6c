package io.kubekv.e2e.alerts;

import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What an API server may do to a kubekv, and clients that never end. */
final class ApiTroubles implements Group {
  private static final String STORE = "api";
  private static final int HANGING = 450;
  private static final int WATCHING = 80;

  private static final Function<ApiRequest, Treatment> THROTTLES =
      request -> changes(request) ? Treatment.throttled(1) : Treatment.PASS;
  private static final Function<ApiRequest, Treatment> REFUSES =
      request ->
          changes(request) && request.call().verb() == ApiCall.Verb.CREATE
              ? Treatment.failing(403, "Forbidden")
              : Treatment.PASS;
  private static final Function<ApiRequest, Treatment> LOSES_ANSWERS =
      request -> changes(request) ? new Treatment.Swallow() : Treatment.PASS;
  private static final Function<ApiRequest, Treatment> FAILS =
      request -> changes(request) ? Treatment.failing(500, "InternalError") : Treatment.PASS;
  private static final Function<ApiRequest, Treatment> IS_AWAY = request -> new Treatment.Cut();

  private final List<Socket> sockets = new ArrayList<>();

  @Override
  public Set<String> alerts() {
    return Set.of(
        "KubekvApiThrottles",
        "KubekvCallsFail",
        "KubekvApiRefuses",
        "KubekvUnknownOutcomes",
        "KubekvApiFails",
        "KubekvExpiriesLate",
        "KubekvWatchersLost",
        "KubekvLeaseRenewalsFail",
        "KubekvNoHolder",
        "KubekvNobodyAnswers",
        "KubekvConnectionsCut");
  }

  private static boolean changes(ApiRequest request) {
    return request.kind() == ApiRequest.Kind.CHANGE;
  }

  @Override
  public void play(Stage stage) throws IOException {
    String[] flags = {"--lease-duration", "2s", "--request-timeout", "2s"};
    try (Subject subject = Subject.start(STORE, stage.place(STORE), stage.folder, flags)) {
      stage.begin(new Rules(STORE, 1, 1_000_000), subject.kubekv.operations());
      hang(subject);
      refusals(stage, subject);
      lateness(stage, subject);
      gap(stage, subject);
      stage.provoke(
          STORE,
          Set.of("KubekvLeaseRenewalsFail", "KubekvNoHolder", "KubekvNobodyAnswers"),
          () -> {
            subject.proxy.treat(IS_AWAY);
            subject.proxy.cutWatches();
          });
      subject.heal();
      stage.provoke(STORE, Set.of("KubekvConnectionsCut"), () -> {}); // since the beginning
    } finally {
      close();
    }
  }

  /** Clients that begin a request and never end it: they are cut after half a minute. */
  private void hang(Subject subject) throws IOException {
    for (int i = 0; i < HANGING; i++) {
      Socket socket =
          new Socket(subject.kubekv.address().getAddress(), subject.kubekv.address().getPort());
      OutputStream out = socket.getOutputStream();
      out.write("GET / HT".getBytes(StandardCharsets.US_ASCII));
      sockets.add(socket);
    }
  }

  private static void refusals(Stage stage, Subject subject) throws IOException {
    stage.provoke(
        STORE,
        Set.of("KubekvApiThrottles", "KubekvCallsFail"),
        () -> {
          subject.proxy.treat(THROTTLES);
          write(subject, 24); // each tries about once a second, and thirty are needed
        });
    subject.heal();
    stage.provoke(
        STORE,
        Set.of("KubekvApiRefuses"),
        () -> {
          subject.proxy.treat(REFUSES);
          subject.set("refused", "value=1");
        });
    subject.heal();
    stage.provoke(
        STORE,
        Set.of("KubekvUnknownOutcomes"),
        () -> {
          subject.proxy.freezeWatches();
          subject.proxy.treat(LOSES_ANSWERS);
          subject.set("unknown", "value=1");
        });
    subject.heal();
  }

  private static void lateness(Stage stage, Subject subject) throws IOException {
    subject.set("mortal", "value=1&ttl=1");
    stage.provoke(
        STORE,
        Set.of("KubekvApiFails"),
        () -> {
          subject.proxy.treat(FAILS);
          write(subject, 8);
        });
    stage.provoke(STORE, Set.of("KubekvExpiriesLate"), subject::heal);
  }

  /** Many wait for changes that kubekv cannot learn of any more. */
  private void gap(Stage stage, Subject subject) throws IOException {
    for (int i = 0; i < WATCHING; i++) {
      Socket socket =
          new Socket(subject.kubekv.address().getAddress(), subject.kubekv.address().getPort());
      socket
          .getOutputStream()
          .write(
              HttpConnection.request(
                  "GET",
                  "/v2/keys/tree?wait=true&recursive=true",
                  subject.kubekv.address(),
                  Map.of(),
                  ""));
      sockets.add(socket);
      int first = socket.getInputStream().read(); // the head of the answer: it waits
      if (first < 0) {
        throw new IOException("a watch was refused");
      }
    }
    stage.provoke(STORE, Set.of("KubekvWatchersLost"), subject.proxy::forget);
    subject.heal();
  }

  /** So many clients write at once, for some seconds. */
  private static void write(Subject subject, int clients) throws IOException {
    Crowd.run(clients, Duration.ofSeconds(8), number -> subject.set("busy/" + number, "value=1"));
    Waiting.pause(Duration.ofMillis(100));
  }

  private void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
