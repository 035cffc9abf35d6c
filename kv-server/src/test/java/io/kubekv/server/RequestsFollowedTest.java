package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.transport.ops.Workers;
import io.kubekv.transport.requests.RequestIds;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.requests.Tracer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody hears who follows requests. */
class RequestsFollowedTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String OWN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00000000000000aa-01";

  @TempDir Path folder;

  /** Writes down what begins and ends. */
  private static final class Recorder implements Tracer {
    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public Span begin(String door, String verb, String target, @Nullable String parent) {
      heard.add("begin " + door + " " + verb + " " + target + " " + parent);
      return new Span() {
        @Override
        public String parent() {
          return OWN;
        }

        @Override
        public void end(String ended, Outcome outcome) {
          heard.add("end " + door + " " + ended + " " + outcome);
        }
      };
    }

    @Override
    public void close() {
      heard.add("close");
    }
  }

  @Test
  void etcdRequest_beginsWithItsTrace_andEndsWithItsOutcome() throws Exception {
    Recorder recorder = new Recorder();
    try (KvServer server = KvServer.start(config(), recorder, new Workers());
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.etcdUrl() + "/v2/keys/missing"))
              .header("traceparent", PARENT)
              .build();
      http.send(request, BodyHandlers.ofString());
    }

    assertThat(recorder.heard)
        .containsExactly(
            "begin etcd get /v2/keys/missing " + PARENT, "end etcd get REFUSED", "close");
  }

  private ServerConfig config() {
    return ConfigUnderTest.embedded(folder)
        .consul(Optional.empty())
        .grpc(Optional.empty())
        .ops(Optional.empty())
        .config();
  }

  @Test
  void callThatIsForwarded_takesIdAndTraceAlong() throws Exception {
    Recorder atHolder = new Recorder();
    Duration lease = Duration.ofSeconds(6);
    try (EmbeddedApiServer api = EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(folder));
        ReplicaUnderTest holder =
            new ReplicaUnderTest(api, "one", lease, StoreSpec.DEFAULT, Optional.empty(), atHolder);
        ReplicaUnderTest follower = new ReplicaUnderTest(api, "two", lease, StoreSpec.DEFAULT)) {
      assertThat(holder.replicas().isActive()).isTrue();
      RequestIds.within(
          "id",
          OWN,
          () -> Await.change(follower.store().put(PutRequest.of(Key.of("a"), Bytes.utf8("1")))));
    }

    assertThat(atHolder.heard)
        .contains(
            "begin grpc KeyValue/Put kubekv.v1.KeyValue/Put " + OWN, "end grpc KeyValue/Put DONE");
  }
}
